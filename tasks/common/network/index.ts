export { agentChooser } from './agents.ts';
export { downloader, type Downloader, type DownloadPatience } from './download.ts';
export { clientOptions, httpSender, type ClientOptions, type NetworkContext } from './http.ts';
export { metadataHost, reachesMetadata } from './metadata-service.ts';
