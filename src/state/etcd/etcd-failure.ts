import {
  EtcdAuthenticationFailedError,
  EtcdLeaseInvalidError,
  EtcdPermissionDeniedError,
  EtcdUserNotFoundError,
  GRPCFailedPreconditionError,
  GRPCInvalidArgumentError,
  GRPCNotImplementedError,
  GRPCOutOfRangeError,
  GRPCResourceExhastedError,
  GRPCUnavailableError,
} from 'etcd3';
import { explainError } from '../../domain/errors.js';
import { StoreUnavailable } from '../errors.js';
import type { EtcdOptions } from './etcd-options.js';

/** No answer came in the time there was for one. */
export class NoAnswer extends Error {}

/** The store has looked at the request and refused it: it has done nothing, and would refuse it again. */
const refusals = [
  EtcdAuthenticationFailedError,
  EtcdLeaseInvalidError,
  EtcdPermissionDeniedError,
  EtcdUserNotFoundError,
  GRPCFailedPreconditionError,
  GRPCInvalidArgumentError,
  GRPCNotImplementedError,
  GRPCOutOfRangeError,
  GRPCResourceExhastedError,
] as const;

/** Whether the store itself has refused. After anything else the request may or may not have had its effect. */
export function isRefusal(error: unknown): boolean {
  return refusals.some((refusal) => error instanceof refusal);
}

/** What happened and what a person should look at. Never holds a password or a key. */
export function explainFailure(what: string, error: unknown, options: EtcdOptions): StoreUnavailable {
  const hint = hintFor(error, options);
  const text = `${what} (${explainError(error)})${hint === undefined ? '' : `; ${hint}`}`;
  return new StoreUnavailable(text, { cause: error });
}

function hintFor(
  error: unknown,
  { user, tls, endpoints, prefix, ownPrefix }: EtcdOptions,
): string | undefined {
  if (error instanceof EtcdAuthenticationFailedError && user !== undefined)
    return `check the name and the password of the store's user ${user.name}`;
  if (error instanceof EtcdPermissionDeniedError)
    return user === undefined
      ? 'the store wants a user with a password, and none is configured'
      : `check that the role of the store's user ${user.name} may read and write below ${prefix} and ${ownPrefix}`;
  if (error instanceof GRPCInvalidArgumentError && user === undefined)
    return 'check whether the store wants a user with a password; none is configured';
  if (error instanceof GRPCFailedPreconditionError && user !== undefined)
    return `check whether the store knows users at all; ${user.name} is configured`;
  if (!(error instanceof GRPCUnavailableError)) return undefined;
  const where = `check that the store runs at ${endpoints.join(', ')}`;
  if (!endpoints.some((endpoint) => endpoint.startsWith('https:')))
    return `${where}, and whether it wants https`;
  return tls?.client === undefined
    ? `${where}, and whether it wants a client certificate; none is configured`
    : `${where}, and that it and the configured authority trust each other's certificates`;
}
