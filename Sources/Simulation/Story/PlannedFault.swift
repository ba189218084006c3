import AdapterKit
import Ledger

/// One thing that goes wrong in a story. Moments are counted from the story's start.
package enum PlannedFault: Hashable, Sendable {
  /// How a process dies around a commit.
  package enum Death: String, Hashable, Sendable, CaseIterable {
    /// Nothing of the transaction is on the disk.
    case before
    /// It was written and not synced, and the disk kept half of it.
    case torn
    /// It is on the disk, and nobody hears of it.
    case after
  }

  /// What befalls one call, the n-th of its kind to an ERP.
  package enum CallFault: Hashable, Sendable {
    /// Nothing left.
    case unreachable
    /// The request is lost on its way.
    case loseRequest
    /// Everything is booked, and the answer is lost.
    case loseAnswer
    /// The connection breaks, and it is booked after this part of the quiet period, in per cent.
    case bookLate(percent: Int)
    /// The connection breaks, and it is booked after this part of the quiet period, in per cent: longer
    /// than the ERP's owner declared.
    case bookTooLate(percent: Int)
    /// No answer until the time is over; booked after this part of the quiet period, or never.
    case hang(percent: Int?)
    /// Everything is booked; the answer leaves one entry out.
    case omit(Int)
    /// The ERP breaks down after so many entries, and its answer is lost.
    case partial(Int)
    /// One entry is refused for a reason that somebody mends.
    case refuse(Int)
    /// So many entries are booked, and the batch is refused as a whole; an entry alone is refused.
    case bookThenRefuse(Int)
    /// Nothing is booked.
    case throttle(seconds: Int?)
    /// One entry is locked in the ERP at the moment.
    case locked(Int)
    /// The answer cannot be read; all is booked, or nothing.
    case garbage(isBooked: Bool)
    /// A gateway repeats the request; only where the ERP recognises repeats.
    case repeatRequest
    /// The process sleeps between its claim and the sending.
    case sleepBeforeSending(seconds: Int)
    /// The process sleeps while the answer arrives.
    case sleepBeforeSettling(seconds: Int)
    /// The answer is recorded twice.
    case repeatAnswer(milliseconds: Int)
    /// An asynchronous ERP loses the job.
    case loseJob
  }

  package enum CallKind: String, Hashable, Sendable { case submit, find, poll }

  /// The process that makes the n-th commit of the story dies.
  case dieAtCommit(Int, Death)
  case die(worker: Int, at: Duration, for: Duration)
  /// The process gets no time.
  case sleep(worker: Int, at: Duration, for: Duration)
  case call(connection: Int, CallKind, number: Int, CallFault)
  case diskFull(at: Duration, for: Duration)
  /// The clocks of all workers.
  case clockSet(at: Duration, by: Duration)
  /// The clock of one worker.
  case clockOff(worker: Int, at: Duration, by: Duration)
  case outage(connection: Int, at: Duration, for: Duration)
  case periodClosed(connection: Int, at: Duration, for: Duration)
  case paused(connection: Int, at: Duration, for: Duration)
}

extension Duration {
  var storyText: String {
    let milliseconds = Int(self / .milliseconds(1))
    return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
  }
}

extension PlannedFault {
  /// The fault in one line.
  package var text: String {
    switch self {
    case .dieAtCommit(let number, let death):
      switch death {
      case .before: "the process dies before its commit \(number) is written"
      case .torn: "the process dies in commit \(number), which is torn"
      case .after: "the process dies after commit \(number), before anybody hears of it"
      }
    case .die(let worker, let at, let time):
      "worker \(worker) is killed at \(at.storyText) and starts after \(time.storyText)"
    case .sleep(let worker, let at, let time):
      "worker \(worker) gets no time from \(at.storyText) for \(time.storyText)"
    case .call(let connection, let kind, let number, let fault):
      "\(kind.rawValue) \(number) on erp-\(connection): \(fault)"
    case .diskFull(let at, let time): "the disk is full from \(at.storyText) for \(time.storyText)"
    case .clockSet(let at, let by): "the clock is set by \(by.storyText) at \(at.storyText)"
    case .clockOff(let worker, let at, let by):
      "the clock of worker \(worker) is set by \(by.storyText) at \(at.storyText)"
    case .outage(let connection, let at, let time):
      "erp-\(connection) is down from \(at.storyText) for \(time.storyText)"
    case .periodClosed(let connection, let at, let time):
      "the period is closed in erp-\(connection) from \(at.storyText) for \(time.storyText)"
    case .paused(let connection, let at, let time):
      "erp-\(connection) is paused from \(at.storyText) for \(time.storyText)"
    }
  }
}
