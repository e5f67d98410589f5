// For node's --import: the clock of this process is ahead by CLOCK_AHEAD_MS, or behind where that is negative.
const now = Date.now.bind(Date);
const aheadMs = Number(process.env.CLOCK_AHEAD_MS);
Date.now = () => now() + aheadMs;
