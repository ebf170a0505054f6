/**
 * What a DNS server's state file shall say of a record, or why that would be nonsense. Pure.
 *
 * A record is { name, pooledIn, addresses: { <datacenter>: <address> } }; `pooledIn` says what is sane:
 * 'one' datacenter (active/passive), 'some' (at least one), or 'any', also none (the address that refuses connections
 * is answered then).
 */
export function stateOf({ name, pooledIn, addresses }, objects) {
  const datacenters = Object.keys(addresses);
  const found = datacenters.filter((datacenter) => objects.has(`${name}/${datacenter}`));
  if (found.length === 0) return refused(`there is no object of ${name}`);
  const lines = [];
  const pooled = [];
  for (const datacenter of datacenters) {
    const key = `${name}/${datacenter}`;
    if (!found.includes(datacenter)) return refused(`there is no object ${key}`);
    const object = parse(objects.get(key));
    if (object === undefined) return refused(`${key} is no discovery object`);
    if (object.pooled) pooled.push(datacenter);
    lines.push(`${addresses[datacenter]} => ${object.pooled ? 'UP' : 'DOWN'}/${object.ttl}\n`);
  }
  if (pooled.length === 0 && pooledIn !== 'any') return refused(`${name} is pooled nowhere`);
  if (pooled.length > 1 && pooledIn === 'one')
    return refused(`${name} is active/passive and pooled in ${pooled.join(' and ')}`);
  return { text: lines.join('') };
}

/** Why nothing at all is believed: a store in which most records are missing has lost them. Pure. */
export function refusalOfAll(records, objects) {
  const names = new Set([...objects.keys()].map((key) => key.slice(0, key.lastIndexOf('/'))));
  const gone = records.filter(({ name }) => !names.has(name));
  return gone.length * 2 > records.length
    ? `${gone.length} of ${records.length} records are gone from the store`
    : undefined;
}

function parse(text) {
  try {
    const { pooled, ttl } = JSON.parse(text);
    if (typeof pooled !== 'boolean' || !Number.isInteger(ttl) || ttl < 0 || ttl > 86_400) return undefined;
    return { pooled, ttl };
  } catch {
    return undefined;
  }
}

function refused(why) {
  return { refused: why };
}
