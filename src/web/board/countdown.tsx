import { useEffect, useRef, useState } from 'preact/hooks';
import { text } from '../message/text.ts';
import './countdown.css';

const radius = 14;
const around = 2 * Math.PI * radius;

/** Whole seconds until `changesAt` by the server's clock, looked at four times a second. */
export function useSecondsLeft(changesAt: number, serverNow: () => number): number {
  const left = () => Math.ceil((changesAt - serverNow()) / 1_000);
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    setSeconds(left());
    const timer = setInterval(() => setSeconds(left()), 250);
    return () => clearInterval(timer);
  }, [changesAt]);
  return seconds;
}

/** A ring that shrinks until the code changes, with the seconds in it. */
export function Countdown(props: { changesAt: number; stepMs: number; serverNow: () => number }) {
  const { changesAt, stepMs, serverNow } = props;
  const ring = useRef<SVGCircleElement>(null);
  const seconds = Math.max(0, useSecondsLeft(changesAt, serverNow));
  useEffect(() => {
    const frames = [{ strokeDashoffset: '0' }, { strokeDashoffset: `${around}` }];
    const shrink = ring.current?.animate(frames, { duration: stepMs, fill: 'forwards' });
    if (shrink) shrink.currentTime = Math.max(0, serverNow() - (changesAt - stepMs));
    return () => shrink?.cancel();
  }, [changesAt, stepMs]);
  return (
    <span class="countdown" role="timer" aria-label={text('board.seconds', { count: seconds })}>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <circle cx="16" cy="16" r={radius} class="countdown-track" />
        <circle
          ref={ring}
          cx="16"
          cy="16"
          r={radius}
          class="countdown-ring"
          stroke-dasharray={around}
          transform="rotate(-90 16 16)"
        />
      </svg>
      <span class="countdown-seconds" aria-hidden="true">
        {stepMs > 1_000 ? seconds : ''}
      </span>
    </span>
  );
}
