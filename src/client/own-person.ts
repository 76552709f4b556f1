import type { OwnPersonView, PersonAttendance } from '../core/people.wire.ts';
import type { Send } from './request.ts';

/** What is kept of the signed-in person. */
export const loadOwnPerson = (send: Send) => send<OwnPersonView>('GET', '/api/me/person');

/** The signed-in person's own sessions, newest first. */
export const loadOwnAttendance = (send: Send) =>
  send<PersonAttendance>('GET', '/api/me/attendance');
