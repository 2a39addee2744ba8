import { classNames } from "./class-names"

const PATHS = {
  alert:
    "M8 5.2v3.4M8 11.2v.1M6.9 2.6 1.8 11.5a1.3 1.3 0 0 0 1.1 1.9h10.2a1.3 1.3 0 0 0 1.1-1.9L9.1 2.6a1.3 1.3 0 0 0-2.2 0Z",
  info: "M8 7.4v3.6M8 5v.1M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0Z",
  copy: "M5.8 5.8V3.6a1 1 0 0 1 1-1h5.6a1 1 0 0 1 1 1v5.6a1 1 0 0 1-1 1h-2.2M3.6 5.8h5.6a1 1 0 0 1 1 1v5.6a1 1 0 0 1-1 1H3.6a1 1 0 0 1-1-1V6.8a1 1 0 0 1 1-1Z",
  check: "m3.5 8.4 3 3 6-6.6",
  close: "m4 4 8 8M12 4l-8 8",
  back: "M7 3.5 2.5 8 7 12.5M2.8 8h10.7",
  forward: "M9 3.5 13.5 8 9 12.5M13.2 8H2.5",
  chooser: "m5 6 3-3 3 3M5 10l3 3 3-3",
  expand: "m4 6 4 4 4-4",
  clock: "M8 4.8V8l2.2 1.4M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0Z",
  card: "M2.2 4.6A1.2 1.2 0 0 1 3.4 3.4h9.2a1.2 1.2 0 0 1 1.2 1.2v6.8a1.2 1.2 0 0 1-1.2 1.2H3.4a1.2 1.2 0 0 1-1.2-1.2ZM2.2 6.6h11.6M4.6 10h2",
  bell: "M8 2.2a3.9 3.9 0 0 1 3.9 3.9c0 3.2 1.4 4.4 1.4 4.4H2.7s1.4-1.2 1.4-4.4A3.9 3.9 0 0 1 8 2.2ZM6.6 12.9a1.5 1.5 0 0 0 2.8 0",
  find: "m10.6 10.6 3 3M12 7.2a4.8 4.8 0 1 1-9.6 0 4.8 4.8 0 0 1 9.6 0Z",
  mail: "M2.2 4.6A1.2 1.2 0 0 1 3.4 3.4h9.2a1.2 1.2 0 0 1 1.2 1.2v6.8a1.2 1.2 0 0 1-1.2 1.2H3.4a1.2 1.2 0 0 1-1.2-1.2ZM2.4 4.8 8 9l5.6-4.2",
} as const

export type IconName = keyof typeof PATHS

/** Always beside a word that says the same, so it is hidden from screen readers. */
export function Icon({ name, className }: { name: IconName; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      className={classNames("size-4 shrink-0", className)}
      fill="none"
      focusable="false"
      stroke="currentColor"
      strokeLinecap="round"
      strokeLinejoin="round"
      strokeWidth="1.5"
      viewBox="0 0 16 16"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}

export function Spinner({ className }: { className?: string }) {
  return (
    <svg
      aria-hidden="true"
      className={classNames("size-4 shrink-0 animate-spin", className)}
      fill="none"
      focusable="false"
      strokeLinecap="round"
      strokeWidth="2"
      viewBox="0 0 16 16"
    >
      <circle className="opacity-25" cx="8" cy="8" r="6" stroke="currentColor" />
      <path d="M14 8a6 6 0 0 0-6-6" stroke="currentColor" />
    </svg>
  )
}
