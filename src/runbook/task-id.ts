/** `00-reduce-ttl`: the phase's number and what is done, as the field names it. */
export type TaskId = string;
/** `0` … `10`. */
export type PhaseId = string;
