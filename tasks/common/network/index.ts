export { connectAhead } from './sender.ts';
export { again, BrokenTransfer } from './again.ts';
export { isBusy, secondsToWait } from './answers.ts';
export { agentChooser, metadataHost, reachesMetadata, Tunnel } from './agents.ts';
export { downloader, type Downloader, type DownloadPatience } from './download.ts';
export { clientOptions, type ClientOptions, type NetworkContext } from './http.ts';
export { Patience, SilentHost, type Silence } from './patience.ts';
export { httpSender, type HttpAnswer, type HttpRequest, type Sender } from './sender.ts';
export { explainUntrusted } from './untrusted.ts';
