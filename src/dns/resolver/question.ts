import dnsPacket, { type Packet } from 'dns-packet';
import type { ClientSubnet } from './client-subnet.js';

/** What one server is asked for one record and one client. */
export interface Question {
  /** The full name, without a dot at its end. */
  readonly name: string;
  readonly type: 'A' | 'AAAA';
  readonly client: ClientSubnet;
}

/** What fits through every network in one piece (DNS Flag Day 2020); a longer answer comes truncated. */
const LARGEST_DATAGRAM = 1232;

/**
 * The query as a message. Recursion is not desired: only what the server knows by itself is wanted. Pure.
 */
export function queryFor(question: Question, id: number): Packet {
  const { name, type, client } = question;
  return {
    type: 'query',
    id,
    flags: 0,
    questions: [{ type, name, class: 'IN' }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: LARGEST_DATAGRAM,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [
          {
            code: CLIENT_SUBNET,
            family: client.family,
            sourcePrefixLength: client.prefixLength,
            scopePrefixLength: 0,
            ip: client.address,
          },
        ],
      },
    ],
  };
}

/** The option's number (RFC 7871). */
const CLIENT_SUBNET = 8;

/** As a datagram. */
export const datagramOf = (question: Question, id: number): Buffer =>
  dnsPacket.encode(queryFor(question, id));

/** As it goes over TCP, with its length before it. */
export const streamOf = (question: Question, id: number): Buffer =>
  dnsPacket.streamEncode(queryFor(question, id));
