/**
 * What code asks for. Which roles may do what is configuration, so that a site names its roles as its teams are named
 * and no rule in the code knows a role. Deny by default: a capability that no role has is nobody's.
 */
export type Capability = 'operate' | 'approve' | 'answer' | 'confirm' | 'log' | 'announce';

/** What each capability allows, for people. */
export const CAPABILITIES: Readonly<Record<Capability, string>> = {
  operate: 'request, start, hold, resume, retry, skip and abort runs',
  approve: 'approve or deny the request for a run',
  answer: 'say GO or NOGO at a gate',
  confirm: 'confirm that a manual task of an own role is done',
  log: 'write to the Server Admin Log',
  announce: 'send, repeat or stop announcements',
};

export const CAPABILITY_NAMES = Object.keys(CAPABILITIES) as readonly Capability[];
