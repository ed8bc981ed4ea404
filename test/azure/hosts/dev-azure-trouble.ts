import type { Exchange } from '../network/exchange.ts';

/** The body of an error answer of Azure DevOps. */
export function trouble(message: string, typeKey: string): Record<string, unknown> {
  const typeName = `Microsoft.TeamFoundation.Framework.Server.${typeKey}, Microsoft.TeamFoundation.Framework.Server`;
  return { $id: '1', innerException: null, message, typeName, typeKey, errorCode: 0, eventId: 3000 };
}

const notAuthorized = 'TF400813: The user is not authorized to access this resource.';

/** Without this header Azure DevOps takes the caller for a browser and sends it to the sign-in page. */
export function refuseCaller(exchange: Exchange, text = notAuthorized): Promise<void> {
  if (exchange.header('x-tfs-fedauthredirect')?.toLowerCase() !== 'suppress') {
    return exchange.send(302, {
      Location: `https://spsprodeus1.vssps.visualstudio.com/_signin?realm=${exchange.host}`,
    });
  }
  return exchange.json(401, trouble(text, 'UnauthorizedRequestException'));
}
