/** The body of an error answer of Azure DevOps. */
export function trouble(message: string, typeKey: string): Record<string, unknown> {
  const typeName = `Microsoft.TeamFoundation.Framework.Server.${typeKey}, Microsoft.TeamFoundation.Framework.Server`;
  return { $id: '1', innerException: null, message, typeName, typeKey, errorCode: 0, eventId: 3000 };
}
