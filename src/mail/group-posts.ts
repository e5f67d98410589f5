/** To wake another thread costs a tenth of a mail: what comes within this time goes together. */
const GROUP_MS = 3;

/** Hand over in groups what arrives in quick succession. */
export function groupPosts<T>(post: (group: T[]) => void): (each: T) => void {
  let group: T[] = [];
  const flush = () => {
    const ready = group;
    group = [];
    post(ready);
  };
  return (each) => {
    if (group.push(each) === 1) setTimeout(flush, GROUP_MS);
  };
}
