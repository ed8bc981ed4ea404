export { isToolName, toolNames, type ToolName } from './definitions.ts';
export { ensureTool, lookForTool, type ToolContext } from './ensure-tool.ts';
export { installTool } from './install-tool.ts';
