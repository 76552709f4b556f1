import { Answer, type Route, route } from './route.ts';

/** What Prometheus reads. */
export const metricsRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/metrics',
    needs: 'metrics',
    always: true,
    async handle({ app }) {
      const { text, type } = await app.metrics.render();
      return new Answer(text, { headers: { 'content-type': type } });
    },
  }),
];
