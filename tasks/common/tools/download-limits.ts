import type { DownloadPatience } from '../network/index.ts';

/** What a download may take before it is given up. */
export interface DownloadLimits extends DownloadPatience {
  /** How long no byte may come, in ms. */
  readonly stallMs: number;
  /** How long one file may take, in ms. */
  readonly totalMs: number;
  /** How often a download that broke off is begun. */
  readonly attempts: number;
  /** Largest file that is fetched, in bytes. */
  readonly maxFileBytes: number;
  /** Largest executable that is unpacked, in bytes. */
  readonly maxExecutableBytes: number;
}

const mebibyte = 1024 * 1024;

/** The tools are files of 20 to 60 MB today, with executables of 60 to 80 MB. */
export const downloadLimits: DownloadLimits = {
  answerMs: 30_000,
  retries: 2,
  pauseMs: 1000,
  stallMs: 30_000,
  totalMs: 15 * 60_000,
  attempts: 3,
  maxFileBytes: 300 * mebibyte,
  maxExecutableBytes: 600 * mebibyte,
};
