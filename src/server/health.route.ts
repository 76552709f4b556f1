import { Answer, type Route, route } from './route.ts';

/** For load balancers and service managers: nobody has to be signed in, and asking often costs nothing. */
export const healthRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/healthz',
    needs: 'anyone',
    plain: true,
    always: true,
    handle: () => ({ alive: true }),
  }),
  route({
    method: 'GET',
    path: '/readyz',
    needs: 'anyone',
    plain: true,
    always: true,
    async handle({ app }) {
      const readiness = await app.health.look();
      return new Answer(JSON.stringify(readiness), {
        status: readiness.ready ? 200 : 503,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          ...(readiness.ready ? {} : { 'retry-after': '2' }),
        },
      });
    },
  }),
];
