import type { z } from 'zod';
import type { GroupId, LocalDate } from '../core/brand.ts';
import { refuse } from '../core/refusal.ts';
import { type SessionState, sessionStates } from '../core/session.ts';
import {
  attachRequest,
  cancelRequest,
  emptyRequest,
  markRequest,
  mergeRequest,
  noteRequest,
  sessionChange,
  sessionRequest,
  settleRequest,
  undoRequest,
} from '../core/session.wire.ts';
import { presentBoard } from './board.ts';
import { checkGroup } from './gate.ts';
import { attachRoster, mergeGuest } from './guest.ts';
import { markPeople, notePerson, undoMark } from './mark.ts';
import { type Route, route, sessionOf, signedIn } from './route.ts';
import { moveSession } from './session.ts';
import { changeSession } from './session-change.ts';
import { closeSession } from './session-close.ts';
import { createSession } from './session-create.ts';
import { presentHistory } from './session-history.ts';
import { presentSessions } from './session-list.ts';
import { settleClaim } from './settle.ts';

const moves = ['open', 'reopen', 'pause', 'resume', 'refresh'] as const;
const date = /^\d{4}-\d{2}-\d{2}$/;

/** Sessions: making, moving, marking, reading. */
export const sessionRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/sessions',
    needs: 'session.read',
    handle(context) {
      const { state, group, date: day } = context.query;
      if (state !== undefined && !sessionStates.includes(state as SessionState)) {
        return refuse('input-invalid', { field: 'state', problem: 'unknown' });
      }
      if (day !== undefined && !date.test(day))
        return refuse('input-invalid', { field: 'date', problem: 'format' });
      return presentSessions(context.app, signedIn(context), {
        ...(state === undefined ? {} : { state: state as SessionState }),
        ...(group === undefined ? {} : { group: group as GroupId }),
        ...(day === undefined ? {} : { date: day as LocalDate }),
      });
    },
  }),
  route<z.infer<typeof sessionRequest>>({
    method: 'POST',
    path: '/api/sessions',
    needs: 'session.create',
    rehearsable: true,
    body: sessionRequest,
    async handle(context) {
      const { app, body } = context;
      const me = signedIn(context);
      if (body.group !== undefined) {
        const allowed = await checkGroup(app.store, 'session.create', me, body.group);
        if (!allowed.ok) return allowed;
      }
      return createSession(app, me.person, body);
    },
  }),
  route({
    method: 'GET',
    path: '/api/sessions/:session',
    needs: 'session.read',
    handle: (context) => presentBoard(context.app, sessionOf(context)),
  }),
  ...moves.map((move) =>
    route<z.infer<typeof emptyRequest>>({
      method: 'POST',
      path: `/api/sessions/:session/${move}`,
      needs: 'session.run',
      rehearsable: true,
      body: emptyRequest,
      handle: (context) =>
        moveSession(context.app, signedIn(context).person, sessionOf(context), move),
    }),
  ),
  route<z.infer<typeof emptyRequest>>({
    method: 'POST',
    path: '/api/sessions/:session/close',
    needs: 'session.run',
    rehearsable: true,
    body: emptyRequest,
    handle: (context) => closeSession(context.app, signedIn(context).person, sessionOf(context)),
  }),
  route<z.infer<typeof cancelRequest>>({
    method: 'POST',
    path: '/api/sessions/:session/cancel',
    needs: 'session.run',
    rehearsable: true,
    body: cancelRequest,
    handle: (context) =>
      moveSession(
        context.app,
        signedIn(context).person,
        sessionOf(context),
        'cancel',
        context.body.reason,
      ),
  }),
  route<z.infer<typeof sessionChange>>({
    method: 'POST',
    path: '/api/sessions/:session/change',
    needs: 'session.run',
    body: sessionChange,
    handle: (context) =>
      changeSession(
        context.app,
        signedIn(context).person,
        sessionOf(context),
        context.body as never,
      ),
  }),
  route<z.infer<typeof markRequest>>({
    method: 'POST',
    path: '/api/sessions/:session/marks',
    needs: 'session.mark',
    rehearsable: true,
    limit: 2 * 1024 * 1024,
    body: markRequest,
    handle: (context) =>
      markPeople(context.app, signedIn(context).person, sessionOf(context), context.body),
  }),
  route<z.infer<typeof noteRequest>>({
    method: 'POST',
    path: '/api/sessions/:session/notes',
    needs: 'session.mark',
    body: noteRequest,
    handle: (context) =>
      notePerson(context.app, signedIn(context).person, sessionOf(context), context.body),
  }),
  route<z.infer<typeof undoRequest>>({
    method: 'POST',
    path: '/api/sessions/:session/undo',
    needs: 'session.mark',
    rehearsable: true,
    body: undoRequest,
    handle: (context) =>
      undoMark(context.app, signedIn(context).person, sessionOf(context), context.body),
  }),
  route<z.infer<typeof settleRequest>>({
    method: 'POST',
    path: '/api/sessions/:session/settle',
    needs: 'session.settle',
    body: settleRequest,
    handle: (context) =>
      settleClaim(context.app, signedIn(context).person, sessionOf(context), context.body),
  }),
  route<z.infer<typeof attachRequest>>({
    method: 'POST',
    path: '/api/sessions/:session/roster',
    needs: 'session.run',
    body: attachRequest,
    async handle(context) {
      const { app, body } = context;
      const me = signedIn(context);
      const allowed = await checkGroup(app.store, 'session.run', me, body.group);
      return allowed.ok ? attachRoster(app, me.person, sessionOf(context), body.group) : allowed;
    },
  }),
  route<z.infer<typeof mergeRequest>>({
    method: 'POST',
    path: '/api/sessions/:session/merge',
    needs: 'session.run',
    body: mergeRequest,
    handle: (context) =>
      mergeGuest(context.app, signedIn(context).person, sessionOf(context), context.body),
  }),
  route({
    method: 'GET',
    path: '/api/sessions/:session/history',
    needs: 'session.read',
    reads: 'session.history-read',
    handle: (context) =>
      presentHistory(context.app, sessionOf(context), context.query.person ?? null),
  }),
];
