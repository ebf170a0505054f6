import dnsPacket from 'dns-packet';
import { z } from 'zod';
import { SECOND, type Millis } from '../../domain/instant.js';
import { listed } from '../../domain/text.js';
import { canonicalAddress } from './canonical-address.js';
import type { Question } from './question.js';

/** What a server's message says to a question. `because` reads on after the server's name. */
export type Said =
  | { readonly kind: 'address'; readonly address: string; readonly ttl: Millis }
  | { readonly kind: 'no-address'; readonly because: string }
  /** It did not fit into a datagram. */
  | { readonly kind: 'truncated' };

const messageSchema = z.object({
  id: z.number(),
  type: z.literal('response'),
  rcode: z.string(),
  flag_aa: z.boolean(),
  flag_tc: z.boolean(),
  questions: z.tuple([z.object({ name: z.string(), type: z.string(), class: z.string() })]),
  answers: z.array(
    z.object({ name: z.string(), type: z.string(), ttl: z.number().optional(), data: z.unknown() }),
  ),
  additionals: z.array(z.object({ type: z.string(), options: z.array(z.unknown()).optional() })),
});

export type DnsMessage = z.infer<typeof messageSchema>;

const subnetSchema = z.object({
  type: z.literal('CLIENT_SUBNET'),
  family: z.number(),
  sourcePrefixLength: z.number(),
  scopePrefixLength: z.number(),
  ip: z.string(),
});

/** A response with one question in it, or undefined for anything else that came in. Pure. */
export function readMessage(bytes: Buffer): DnsMessage | undefined {
  try {
    return messageSchema.safeParse(dnsPacket.decode(bytes)).data;
  } catch {
    // What cannot be decoded says nothing; the answer may still come.
    return undefined;
  }
}

/** Whether it is about this question; its id is compared elsewhere. Names have no case. Pure. */
export function isAbout({ questions: [asked] }: DnsMessage, { name, type }: Question): boolean {
  return asked.name.toLowerCase() === name.toLowerCase() && asked.type === type && asked.class === 'IN';
}

/** What a message that is about the question says to it. Pure. */
export function saidIn(message: DnsMessage, question: Question): Said {
  const { rcode, flag_aa: authoritative, flag_tc: truncated } = message;
  if (rcode !== 'NOERROR') return noAddress(`answers ${rcode} for ${question.name}`);
  if (!authoritative)
    return noAddress(`has no authority over ${question.name}: it is a cache, or lacks the zone`);
  if (truncated) return { kind: 'truncated' };
  const doubt = doubtAboutClient(message, question);
  if (doubt !== undefined) return noAddress(doubt);
  const found = message.answers.filter(
    ({ name, type }) => name.toLowerCase() === question.name.toLowerCase() && type === question.type,
  );
  const [first, ...more] = found;
  const address = typeof first?.data === 'string' ? canonicalAddress(first.data) : undefined;
  if (first === undefined || address === undefined)
    return noAddress(`has no ${question.type} record for ${question.name}`);
  if (more.length > 0)
    return noAddress(
      `gives several addresses for ${question.name}: ${listed(found.map(({ data }) => String(data)))}`,
    );
  return { kind: 'address', address, ttl: (first.ttl ?? 0) * SECOND };
}

/**
 * An answer counts for the clients of a datacenter only where the server says that it was made for their subnet
 * (RFC 7871, 7.3). Without that it was made for us, wherever we are.
 */
function doubtAboutClient({ additionals }: DnsMessage, { client }: Question): string | undefined {
  const network = `${client.address}/${client.prefixLength}`;
  const echoed = additionals
    .flatMap(({ options }) => options ?? [])
    .map((option) => subnetSchema.safeParse(option).data)
    .find((option) => option !== undefined);
  if (echoed === undefined) return `does not heed the client subnet (${network}): its answer is for us alone`;
  const sameNetwork =
    echoed.family === client.family &&
    echoed.sourcePrefixLength === client.prefixLength &&
    canonicalAddress(echoed.ip) === client.address;
  if (!sameNetwork) return `answered for ${echoed.ip}/${echoed.sourcePrefixLength} and not for ${network}`;
  return echoed.scopePrefixLength > client.prefixLength
    ? `tells networks of /${echoed.scopePrefixLength} apart within ${network}: configure a narrower one`
    : undefined;
}

const noAddress = (because: string): Said => ({ kind: 'no-address', because });
