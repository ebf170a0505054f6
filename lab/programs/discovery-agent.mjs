/**
 * Follows the discovery objects in etcd and keeps, for one DNS server, a state file of each record. It does what confd
 * does in production: it looks at what it would write before it replaces a file, and refuses nonsense. The last good
 * file stays then, and `.discovery-<record>.err` beside it says why; that one goes when all is well again.
 *
 *   node discovery-agent.mjs CONFIGURATION        (JSON; lab/gdnsd-pair.ts writes it)
 *
 * etcd is reached through the JSON gateway that each member has: list, watch from there, and list again at every pulse,
 * so that a member that hangs is noticed. On any trouble the next member is asked, from the beginning.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { refusalOfAll, stateOf } from './discovery-state.mjs';
import { replaceFile } from './replace-file.mjs';

const { endpoints, prefix, user, passwordFile, records, states, ready, pulse } = JSON.parse(
  readFileSync(process.argv[2], 'utf8'),
);
/** How long a member has for anything but the watch, in milliseconds. */
const DEADLINE = 1_000;
const below = `${prefix}/discovery/`;
// The end of a range is not in it: the first key that does not begin like this.
const range = { key: base64(below), range_end: base64(`${below.slice(0, -1)}0`) };

/** What is stored, by key below the prefix, as of the revision `seen`. */
const objects = new Map();
let seen = 0;
/** What each state file holds, so that the same is not written again: the server would only settle once more. */
const written = new Map();
/** It has been told that the files are there. */
let isReady = false;

for (let turn = 0; ; turn += 1) {
  const endpoint = endpoints[turn % endpoints.length];
  try {
    await follow(endpoint);
  } catch (error) {
    log(`${endpoint}: ${error.cause?.message || error.message}`);
  }
  // A store that is gone shall not cost a whole processor.
  await sleep(100);
}

/** Ends, with an error, when this member cannot be followed any more. */
async function follow(endpoint) {
  const over = new AbortController();
  try {
    const headers = await logIn(endpoint);
    const list = async () => {
      const response = await post(endpoint, 'kv/range', range, headers, AbortSignal.timeout(DEADLINE));
      return response.json();
    };
    // The store may have been put back to an earlier state: what was seen before counts for nothing.
    seen = 0;
    takeList(await list());
    await Promise.race([watch(endpoint, headers, over.signal), listAgain(list, over.signal)]);
  } finally {
    over.abort();
  }
}

async function listAgain(list, signal) {
  for (;;) {
    await sleep(pulse, undefined, { signal });
    takeList(await list());
  }
}

async function watch(endpoint, headers, signal) {
  const request = { create_request: { ...range, start_revision: String(seen + 1) } };
  const response = await post(endpoint, 'watch', request, headers, signal);
  let unread = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (unread + text).split('\n');
    unread = lines.pop();
    for (const line of lines) takeEvents(JSON.parse(line));
  }
  throw new Error('the watch has ended');
}

function takeList({ header, kvs = [] }) {
  // The watch may have told more while this was under way.
  if (Number(header.revision) < seen) return;
  seen = Number(header.revision);
  objects.clear();
  for (const kv of kvs) objects.set(nameIn(kv), valueIn(kv));
  settle();
}

function takeEvents({ result, error }) {
  if (error !== undefined || result.canceled === true)
    throw new Error(`the watch has ended: ${error?.message ?? result.cancel_reason ?? 'compacted'}`);
  const events = (result.events ?? []).filter(({ kv }) => Number(kv.mod_revision) > seen);
  if (events.length === 0) return;
  for (const { type, kv } of events) {
    if (type === 'DELETE') objects.delete(nameIn(kv));
    else objects.set(nameIn(kv), valueIn(kv));
  }
  // After all that one transaction has changed, so that nothing half done is looked at.
  seen = Math.max(...events.map(({ kv }) => Number(kv.mod_revision)));
  settle();
}

/** Brings the files in line with what is known. */
function settle() {
  const refusal = refusalOfAll(records, objects);
  for (const record of records) {
    const { text, refused } = refusal === undefined ? stateOf(record, objects) : { refused: refusal };
    const file = path.join(states, `discovery-${record.name}.state`);
    const trouble = path.join(states, `.discovery-${record.name}.err`);
    if (refused !== undefined) {
      const why = `${refused}\n`;
      if (existsSync(trouble) && readFileSync(trouble, 'utf8') === why) continue;
      log(`refused: ${refused}`);
      replaceFile(trouble, why);
      continue;
    }
    if (written.get(file) !== text) replaceFile(file, text);
    written.set(file, text);
    rmSync(trouble, { force: true });
  }
  if (!isReady) replaceFile(ready, String(process.pid));
  isReady = true;
}

/** What goes with each request where the store knows its users; a token that is lost costs one more turn. */
async function logIn(endpoint) {
  if (user === undefined) return {};
  const credentials = { name: user, password: readFileSync(passwordFile, 'utf8').trim() };
  const response = await post(endpoint, 'auth/authenticate', credentials, {}, AbortSignal.timeout(DEADLINE));
  return { authorization: (await response.json()).token };
}

async function post(endpoint, method, body, headers, signal) {
  const response = await fetch(`${endpoint}/v3/${method}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) throw new Error(`${method}: ${response.status} ${(await response.text()).slice(0, 200)}`);
  return response;
}

function log(text) {
  console.log(`${new Date().toISOString()} ${text}`);
}

function nameIn({ key }) {
  return Buffer.from(key, 'base64').toString().slice(below.length);
}

function valueIn({ value = '' }) {
  return Buffer.from(value, 'base64').toString();
}

function base64(text) {
  return Buffer.from(text).toString('base64');
}
