import { adapterChecks } from './checks/adapter-checks.js';
import { chatChecks } from './checks/chat-checks.js';
import { calendarChecks } from './checks/calendar-checks.js';
import { datacenterChecks } from './checks/datacenter-checks.js';
import { hostChecks } from './checks/host-checks.js';
import { identityChecks } from './checks/identity-checks.js';
import { nameChecks } from './checks/name-checks.js';
import { policyChecks } from './checks/policy-checks.js';
import { roleChecks } from './checks/role-checks.js';
import { issueMisfits } from './issue-misfits.js';
import type { Misfit } from './misfit.js';
import type { Raw } from './raw.js';
import { schemaAt } from './schema-at.js';
import { type ConfigFile, configFile } from './schema/config-file.js';

export type ParsedConfigFile =
  | { readonly ok: true; readonly file: ConfigFile }
  | { readonly ok: false; readonly misfits: readonly Misfit[] };

/**
 * Everything that is wrong in a configuration, by its schema and by what its parts say about each other, at once.
 * The checks of references read what was written, so that a slip in one place does not hide the next. Pure.
 */
export function parseConfigFile(written: Raw): ParsedConfigFile {
  const raw = withoutEmpty(written ?? {});
  const parsed = configFile.safeParse(raw);
  const misfits = [
    ...(parsed.error?.issues ?? []).flatMap((issue) => issueMisfits(issue, raw, configFile)),
    ...[
      nameChecks,
      roleChecks,
      identityChecks,
      datacenterChecks,
      hostChecks,
      calendarChecks,
      adapterChecks,
      chatChecks,
    ].flatMap((check) => check(raw)),
  ];
  const told = new Set(misfits.map(({ path }) => path[0]));
  const people = peopleOf(raw);
  if (people !== undefined && !POLICY_SECTIONS.some((section) => told.has(section)))
    misfits.push(...policyChecks(raw, people));
  if (parsed.success && misfits.length === 0) return { ok: true, file: parsed.data };
  return { ok: false, misfits: misfits.map((misfit) => hidden(misfit, raw)) };
}

const POLICY_SECTIONS = ['people', 'roles', 'approvals', 'gates'] as const;
const policySections = configFile.pick({ people: true, roles: true, approvals: true, gates: true }).strip();

function peopleOf(raw: Raw): Pick<ConfigFile, (typeof POLICY_SECTIONS)[number]> | undefined {
  return policySections.safeParse(raw).data;
}

/** What somebody typed in the place of a reference to a secret may be the secret itself. */
function hidden(misfit: Misfit, raw: Raw): Misfit {
  if (misfit.found === 'missing' || schemaAt(configFile, raw, misfit.path).holds !== 'secret') return misfit;
  const { path, expected, isKey } = misfit;
  return isKey === true
    ? { path: path.slice(0, -1), expected, found: 'an unknown key' }
    : { path, expected, found: 'a value that is not shown' };
}

/** A section all of whose lines are commented out is empty in YAML; that is the same as leaving it out. */
function withoutEmpty(raw: Raw): Raw {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const known = Object.keys(configFile.shape);
  return Object.fromEntries(
    Object.entries(raw).filter(([key, value]: [string, Raw]) => value !== null || !known.includes(key)),
  );
}
