/** How far an object is. */
export interface Health {
  readonly state: 'ready' | 'progressing' | 'failed';
  /** Of what is counted, such as pods; absent where nothing is. */
  readonly ready?: number;
  readonly wanted?: number;
  /** Why it is not ready yet, a short clause without the object's name, such as `1 pod waits for a node`; empty when it is ready. */
  readonly why: string;
  /** It is not ready, but nothing speaks against it: it only takes longer, such as a pod that starts, or an Argo canary. */
  readonly isUnderWay?: true;
  /** Worth a look, but no roll-out waits for it, such as a Job, an Ingress, or a custom resource that nobody knows here. */
  readonly optional?: true;
}

export const ready: Health = { state: 'ready', why: '' };
export const progressing = (why: string): Health => ({ state: 'progressing', why });
export const underWay = (why: string): Health => ({ ...progressing(why), isUnderWay: true });
export const failed = (why: string): Health => ({ state: 'failed', why });
