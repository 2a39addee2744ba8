/** A coin that is also a C. The same drawing as `public/icon.svg`. */
export function ProductMark() {
  return (
    <span className="inline-flex items-center gap-2.5">
      <svg aria-hidden="true" className="size-7 shrink-0" focusable="false" viewBox="0 0 32 32">
        <rect className="fill-accent" height="32" rx="9" width="32" />
        <path
          className="stroke-on-accent"
          d="M21.7 11.3a7.5 7.5 0 1 0 0 9.4"
          fill="none"
          strokeLinecap="round"
          strokeWidth="3.2"
        />
        <circle className="fill-on-accent" cx="16" cy="16" r="2.4" />
      </svg>
      <span className="font-semibold tracking-tight">Credits</span>
    </span>
  )
}
