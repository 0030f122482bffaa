const ROUTES = [
  '/',
  '/healthz',
  '/readyz',
  '/metrics',
  '/v1/models',
  '/v1/chat/completions',
  '/v1/completions',
];

/** The route of an address as metrics name it: few names, whatever clients ask for. */
export function routeName(url: string): string {
  const path = url.split('?', 1)[0]!;
  if (ROUTES.includes(path)) return path;
  if (path.startsWith('/assets/')) return '/assets/:file';
  return path.startsWith('/v1/models/') ? '/v1/models/:id' : 'other';
}
