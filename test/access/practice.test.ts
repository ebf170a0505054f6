import { describe, expect, test } from '@jest/globals';
import { isLoopback } from '../../src/access/loopback.js';
import { type AdapterInUse, practiceAllowed } from '../../src/access/practice.js';

const simulated: AdapterInUse = { port: 'databases', adapter: 'simulated', reaches: 'nothing-real' };
const etcdAt = (...endpoints: string[]): AdapterInUse => ({
  port: 'state',
  adapter: 'etcd',
  reaches: { endpoints },
});

describe('speaking for others', () => {
  test('is allowed while nothing real can be reached', () => {
    expect(practiceAllowed([simulated]).allowed).toBe(true);
    expect(practiceAllowed([simulated, etcdAt('http://127.0.0.1:2379', 'http://[::1]:2379')]).allowed).toBe(
      true,
    );
  });

  test('is refused as soon as one endpoint of one adapter is elsewhere, and says which', () => {
    expect(
      practiceAllowed([simulated, etcdAt('http://127.0.0.1:2379', 'https://conf1007.eqiad.wmnet:4001')]),
    ).toEqual({
      allowed: false,
      because: 'something real can be reached: state (etcd) at https://conf1007.eqiad.wmnet:4001',
    });
  });

  test('is refused when an adapter does not say what it reaches', () => {
    expect(practiceAllowed([etcdAt()])).toEqual({
      allowed: false,
      because: 'something real can be reached: state (etcd) with an endpoint that is not known',
    });
  });
});

describe('a loopback endpoint', () => {
  test.each([
    '127.0.0.1',
    '127.0.0.1:2379',
    'http://127.8.9.10:1/v3',
    'mysql://root@127.0.0.1:3306/wiki',
    '::1',
    '[::1]:6667',
    'localhost',
    'LOCALHOST:6697',
    'ircs://localhost:6697',
    '/run/mysqld/mysqld.sock',
  ])('is %s', (endpoint) => {
    expect(isLoopback(endpoint)).toBe(true);
  });

  test.each([
    '',
    '10.0.0.1',
    '0.0.0.0:2379',
    '::',
    'conf1007.eqiad.wmnet',
    'localhost.example.org',
    '127.0.0.1.example.org',
    'http://127.0.0.1@example.org/',
    'http://example.org/127.0.0.1',
    'http://example.org#@127.0.0.1',
    'http://example.org?localhost',
    'localhost,conf1007.eqiad.wmnet',
    '::ffff:10.0.0.1',
    'http://12700001',
    'not an endpoint',
    'http://localhost:99999',
  ])('is not %j', (endpoint) => {
    expect(isLoopback(endpoint)).toBe(false);
  });
});
