// A stream of order updates, as server-sent events: what `toBrowser` makes of an update, as JSON, one message each.

/** A browser that leaves the page ends its streams a moment before it says that it leaves. */
const LEAVING_MS = 300;

/**
 * Listens until an update is the last one, or until the returned function is called. `onLost` hears that no more will come
 * although the order was not over: the backend has ended the stream for good. The browser itself comes back after a break.
 */
export const listen = (src, { onUpdate, onLost, withCredentials = false }) => {
  let events;
  let lost;
  const close = () => {
    clearTimeout(lost);
    document.removeEventListener("visibilitychange", onVisibility);
    events.close();
  };
  const end = () => {
    close();
    onLost();
  };
  const open = () => {
    events = new EventSource(src, { withCredentials });
    events.onmessage = ({ data }) => {
      const update = read(data);
      if (update === undefined) return;
      if (update.status !== "pending") close();
      onUpdate(update);
    };
    events.onerror = ({ target }) => {
      if (target.readyState === EventSource.CLOSED) lost = setTimeout(end, LEAVING_MS);
    };
  };
  // On phones a line dies unseen while another app is in front, as BankID's is.
  const onVisibility = () => {
    if (document.visibilityState === "hidden") return;
    clearTimeout(lost);
    events.close();
    open();
  };
  document.addEventListener("visibilitychange", onVisibility);
  open();
  return close;
};

const STATUSES = ["pending", "failed", "complete"];

/** What is no update is not shown to anybody. */
const read = (data) => {
  try {
    const update = JSON.parse(data);
    if (STATUSES.includes(update?.status)) return update;
  } catch {
    // Said below, without the data: it may hold a start link.
  }
  console.error("bankid-kit: a message of the stream is no order update");
  return undefined;
};
