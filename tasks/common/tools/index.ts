export { ensureTool, type ToolContext } from './ensure-tool.ts';
export { installTool } from './install-tool.ts';
export { isToolName, toolNames, type ToolName } from './tool-definitions.ts';
