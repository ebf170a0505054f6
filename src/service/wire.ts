/**
 * What is said over the socket of a data directory, one JSON text to a line: one request for each connection, then its
 * answer. Both sides check what they read; a field that is not known is refused, so that a request is never half
 * understood by a program of another version.
 */
import { z } from 'zod';
import type { Reply } from '../chat/command.js';
import type { Block, Message, Span } from '../chat/message.js';
import type { Json } from '../domain/json.js';
import { person } from '../domain/names.js';

/** Grows when an older program could not understand a line. */
export const WIRE_VERSION = 2;

/** A request is one line of chat at most; what is longer is no request. */
export const LONGEST_REQUEST = 65_536;

/** An answer may be a table of all switchovers for a thousand years. */
export const LONGEST_ANSWER = 16 * 1_048_576;

export type ServiceRequest =
  | {
      readonly version: typeof WIRE_VERSION;
      readonly kind: 'command';
      /** A line as it would be said in chat, or the words of a shell. */
      readonly command: string | readonly string[];
      /** Whom the caller speaks for, where that is possible. */
      readonly as?: string | undefined;
    }
  /** What is said about a run, from now until it ends. */
  | { readonly version: typeof WIRE_VERSION; readonly kind: 'follow'; readonly run: number };

export type RunResult = 'PASS' | 'FAIL' | 'ABORTED';

export type ServiceAnswer =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'said'; readonly message: Message }
  /** Nothing more will be said about the run; without a result when it has not ended. */
  | { readonly kind: 'end'; readonly result?: RunResult | undefined }
  /** The request was not understood. */
  | { readonly kind: 'not-understood'; readonly because: string };

const json: z.ZodType<Json> = z.json();

const span: z.ZodType<Span> = z.union([
  z.string(),
  z.strictObject({ strong: z.string() }),
  z.strictObject({ code: z.string() }),
  z.strictObject({ command: z.string() }),
  z.strictObject({ link: z.string(), text: z.string() }),
  z.strictObject({ mention: z.string().transform(person) }),
]);
const spans = z.array(span);

const block: z.ZodType<Block> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('paragraph'), spans }),
  z.strictObject({ kind: z.literal('list'), items: z.array(spans) }),
  z.strictObject({
    kind: z.literal('fields'),
    fields: z.array(z.strictObject({ label: z.string(), value: spans })),
  }),
  z.strictObject({
    kind: z.literal('table'),
    columns: z.array(z.string()),
    rows: z.array(z.array(z.string())),
  }),
  z.strictObject({ kind: z.literal('code'), lines: z.array(z.string()) }),
  z.strictObject({
    kind: z.literal('progress'),
    label: z.string(),
    done: z.number(),
    of: z.number(),
    note: z.string().exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('choices'),
    choices: z.array(z.strictObject({ label: z.string(), command: z.string() })),
  }),
]);

const message: z.ZodType<Message> = z.strictObject({
  tone: z.enum(['plain', 'good', 'warning', 'alarm']),
  blocks: z.array(block),
});

const reply: z.ZodType<Reply> = z.strictObject({
  status: z.enum(['ok', 'refused', 'not-found', 'mistake', 'unavailable', 'failed']),
  message,
  data: json,
});

export const requestSchema: z.ZodType<ServiceRequest> = z.discriminatedUnion('kind', [
  z.strictObject({
    version: z.literal(WIRE_VERSION),
    kind: z.literal('command'),
    command: z.union([z.string(), z.array(z.string())]),
    as: z.string().optional(),
  }),
  z.strictObject({
    version: z.literal(WIRE_VERSION),
    kind: z.literal('follow'),
    run: z.number().int().min(1),
  }),
]);

export const answerSchema: z.ZodType<ServiceAnswer> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('reply'), reply }),
  z.strictObject({ kind: z.literal('said'), message }),
  z.strictObject({ kind: z.literal('end'), result: z.enum(['PASS', 'FAIL', 'ABORTED']).optional() }),
  z.strictObject({ kind: z.literal('not-understood'), because: z.string() }),
]);

/** One line without its end; JSON escapes line feeds inside. */
export function lineOfJson(value: ServiceRequest | ServiceAnswer): string {
  return `${JSON.stringify(value)}\n`;
}

/** A line as the value it stands for, or in one clause why it is none. Pure. */
export function readLine<T>(
  line: string,
  schema: z.ZodType<T>,
): { readonly value: T } | { readonly because: string } {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    return { because: 'it is not JSON' };
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue?.path.length ? `${issue.path.join('.')}: ` : '';
  return { because: `${where}${issue?.message ?? 'it is of no known form'}` };
}
