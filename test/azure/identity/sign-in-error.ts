import { randomUUID } from 'node:crypto';

/** A sign-in that Entra refuses, with the number that its documentation explains (`AADSTS` + number). */
export class SignInError extends Error {
  readonly status: number;
  readonly #error: string;
  readonly #number: number;

  constructor(status: 400 | 401, error: string, number: number, message: string) {
    super(message);
    this.status = status;
    this.#error = error;
    this.#number = number;
  }

  /** The body of the answer. */
  get body(): Record<string, unknown> {
    const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
    const [traceId, correlationId] = [randomUUID(), randomUUID()];
    const trail = `Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`;
    return {
      error: this.#error,
      error_description: `AADSTS${this.#number}: ${this.message} ${trail}`,
      error_codes: [this.#number],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${this.#number}`,
    };
  }
}
