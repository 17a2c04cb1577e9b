import type { Hub } from "./hub.ts";

/** Bytes that may wait for one viewer; one that is further behind starts again, so that no slow reader fills the memory. */
const waitingBytes = 4 * 1024 * 1024;

/** One viewer's stream. */
export function viewerStream(hub: Hub, mark: string, onDropped: () => void): ReadableStream<Uint8Array> {
  let leave = (): void => undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const state = { dropped: false };
        const leaveHub = hub.join(mark, (frame) => {
          if (state.dropped) return;
          controller.enqueue(frame);
          if ((controller.desiredSize ?? 0) > 0) return;
          state.dropped = true;
          leave();
          onDropped();
          controller.close();
        });
        leave = leaveHub;
        if (state.dropped) leave();
      },
      cancel() {
        leave();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: waitingBytes }),
  );
}
