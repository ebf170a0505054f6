/**
 * `mwscript SCRIPT`: a maintenance script that runs for long and edits the wiki without pause, a page of its own. What
 * became of each edit is a line of LAB_SHARED/maintenance-edits.jsonl; one that was under way when the script was killed
 * has none.
 *
 *   LAB_WIKI_API             the api.php of an app server; without it, edits are only noted in that file
 *   LAB_WIKI_USER            the name of a bot password, Bot@lab
 *   LAB_WIKI_PASSWORD_FILE   a file that holds it
 *   LAB_SCRIPT_PAUSE         between two edits, in milliseconds; 250
 *   LAB_SCRIPT_SECONDS       how long it runs; for ever
 */
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const { env } = process;
const [script] = process.argv.slice(2);
if (script === undefined) {
  console.error('usage: mwscript SCRIPT');
  process.exit(2);
}

const notes = path.join(env.LAB_SHARED, 'maintenance-edits.jsonl');
const title = `Maintenance ${env.LAB_HOST} ${script}`;
const pause = Number(env.LAB_SCRIPT_PAUSE ?? 250);
const until = performance.now() + Number(env.LAB_SCRIPT_SECONDS ?? Infinity) * 1000;

/** One answer of the API may take this long, in milliseconds. */
const ANSWERS_WITHIN = 10_000;
/** Errors after which the session is no longer good. */
const SESSION_IS_OVER = ['badtoken', 'assertuserfailed', 'notloggedin'];

/** A session with the API, logged in. Throws when that fails: nobody can log in while the wiki is read-only. */
async function logIn() {
  const cookies = new Map();
  const call = async (parameters) => {
    const answer = await fetch(env.LAB_WIKI_API, {
      method: 'POST',
      body: new URLSearchParams({ format: 'json', formatversion: '2', ...parameters }),
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      signal: AbortSignal.timeout(ANSWERS_WITHIN),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair] = cookie.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return answer.json();
  };
  const { query } = await call({ action: 'query', meta: 'tokens', type: 'login' });
  const { login, error } = await call({
    action: 'login',
    lgname: env.LAB_WIKI_USER,
    lgpassword: readFileSync(env.LAB_WIKI_PASSWORD_FILE, 'utf8').trim(),
    lgtoken: query.tokens.logintoken,
  });
  if (login?.result !== 'Success') throw new Error(error?.code ?? `login: ${login?.result}`);
  const tokens = await call({ action: 'query', meta: 'tokens' });
  return { call, token: tokens.query.tokens.csrftoken };
}

/** What became of one edit. */
async function edit(session, marker) {
  const { edit: saved, error } = await session.call({
    action: 'edit',
    title,
    text: marker,
    summary: marker,
    bot: '1',
    assert: 'user',
    token: session.token,
  });
  if (saved?.result === 'Success') return { result: 'acknowledged', revision: saved.newrevid };
  const because = error?.readonlyreason ?? error?.info ?? JSON.stringify(saved);
  return { result: error?.code === 'readonly' ? 'refused' : 'error', code: error?.code, because };
}

let session;
for (let number = 1; performance.now() < until; number += 1) {
  const marker = `m-${env.LAB_HOST}-${script}-${process.pid}-${number}`;
  const at = new Date().toISOString();
  let outcome;
  try {
    if (env.LAB_WIKI_API === undefined) outcome = { result: 'noted' };
    else outcome = await edit((session ??= await logIn()), marker);
  } catch (error) {
    outcome = { result: 'error', because: error.cause?.message ?? error.message };
  }
  if (SESSION_IS_OVER.includes(outcome.code)) session = undefined;
  appendFileSync(notes, `${JSON.stringify({ at, host: env.LAB_HOST, script, marker, ...outcome })}\n`);
  await sleep(pause);
}
