import { type RemoteInfo, type Socket, createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type Server, type Socket as TcpSocket, createServer } from 'node:net';
import dnsPacket, { type DecodedPacket, type Packet } from 'dns-packet';
import { type HeldPorts, holdPorts } from '../../lab/ports.js';
import type { AuthoritativeServer } from '../../src/dns/resolver/asking.js';

/** A query that came in, and ways to answer it. */
export interface Query {
  readonly asked: DecodedPacket;
  /** The port it came from. */
  readonly from: number;
  /** Sends it back as it is; a datagram or on the connection. */
  reply(bytes: Buffer): void;
}

/** A name server that answers as a test says, also as no honest one does. */
export class FakeNameServer implements AsyncDisposable {
  readonly #connections = new Set<TcpSocket>();
  readonly queries: Query[] = [];

  private constructor(
    readonly place: AuthoritativeServer,
    private readonly udp: Socket,
    private readonly tcp: Server,
    private readonly ports: HeldPorts,
  ) {}

  static async open(
    overUdp: (query: Query) => void,
    overTcp: (query: Query, socket: TcpSocket) => void = (_, socket) => socket.destroy(),
    address = '127.0.0.1',
  ): Promise<FakeNameServer> {
    const tcp = createServer();
    const udp = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    const ports = await holdPorts();
    const port = await ports.next();
    tcp.listen(port, address);
    await once(tcp, 'listening');
    udp.bind(port, address);
    await once(udp, 'listening');
    const fake = new FakeNameServer({ name: 'ns0', address, port }, udp, tcp, ports);
    udp.on('message', (bytes, from: RemoteInfo) => {
      const reply = (answer: Buffer): void => {
        udp.send(answer, from.port, from.address);
      };
      const query = { asked: dnsPacket.decode(bytes), from: from.port, reply };
      fake.queries.push(query);
      overUdp(query);
    });
    tcp.on('connection', (socket) => {
      fake.#connections.add(socket);
      socket.on('error', () => undefined);
      let unread = Buffer.alloc(0);
      socket.on('data', (bytes: Buffer) => {
        unread = Buffer.concat([unread, bytes]);
        while (unread.length >= 2 && unread.length >= 2 + unread.readUInt16BE(0)) {
          const message = unread.subarray(2, 2 + unread.readUInt16BE(0));
          unread = unread.subarray(2 + message.length);
          const reply = (answer: Buffer): boolean => socket.write(answer);
          overTcp({ asked: dnsPacket.decode(message), from: socket.remotePort ?? 0, reply }, socket);
        }
      });
    });
    return fake;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#connections) socket.destroy();
    this.udp.close();
    this.tcp.close();
    await once(this.tcp, 'close');
    await this.ports[Symbol.asyncDispose]();
  }
}

/** A good answer to a query, with what a test wants to be different. */
export function answerTo({ asked }: Query, change: Packet = {}, address = '10.2.1.1'): Packet {
  const [question] = asked.questions ?? [];
  return {
    type: 'response',
    id: asked.id,
    flags: dnsPacket.AUTHORITATIVE_ANSWER,
    questions: asked.questions,
    answers: [{ type: question?.type as 'A', name: question?.name ?? '', ttl: 300, data: address }],
    additionals: asked.additionals,
    ...change,
  };
}

export const datagram = (packet: Packet): Buffer => dnsPacket.encode(packet);
