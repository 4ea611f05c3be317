import type { ServerResponse } from "node:http";

/** What has become of the requests. */
export class Tally {
  accepted = 0;
  /** The reply has left, whatever it said. */
  answered = 0;
  /** Of these: the handler was cancelled because the server stopped. */
  cut = 0;
  /** The client closed its connection before there was a reply. */
  abandoned = 0;

  accept(response: ServerResponse): void {
    this.accepted++;
    response.once("close", () => {
      if (!response.writableFinished) this.abandoned++;
      else this.answered++;
      if (response.writableFinished && response.statusCode === 503) this.cut++;
    });
  }

  summary(): string {
    const { accepted, answered, cut, abandoned } = this;
    const lost = accepted - answered - abandoned;
    return `${accepted} requests: ${answered} answered (${cut} cut short), ${abandoned} abandoned by the client, ${lost} lost`;
  }
}
