export { isToolName, toolNames, type ToolName } from './definitions.ts';
export { ensureTool, type ToolContext } from './ensure-tool.ts';
export { installTool } from './install-tool.ts';
