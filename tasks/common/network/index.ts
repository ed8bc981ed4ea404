export { connectAhead } from './ahead.ts';
export { again, BrokenTransfer } from './again.ts';
export { agentChooser, metadataHost, reachesMetadata } from './agents.ts';
export { downloader, type Downloader, type DownloadPatience } from './download.ts';
export {
  clientOptions,
  httpSender,
  type ClientOptions,
  type HttpAnswer,
  type HttpRequest,
  type NetworkContext,
  type Sender,
} from './http.ts';
