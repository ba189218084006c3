internal import Ledger

/// Carries one message to its recipient.
package protocol NoticeSending: Sendable {
  /// - Returns: nil when the recipient has it, else why it failed.
  func send(_ notice: StoredNotice) async -> String?
}

/// Sends what is in the outbox, at least once each: what fails is tried again, later and later, also
/// after a restart. Messages of one chain keep their order.
package struct NoticeDelivery: Sendable {
  private let store: any PostingStore
  private let commit: GroupCommit
  private let sender: any NoticeSending
  private let clock: any EngineClock

  /// Messages in one look.
  private static let batch = 50
  private static let firstPause: Duration = .seconds(10)
  private static let longestPause: Duration = .seconds(3_600)
  /// A message that could not be delivered for so long is given up.
  package static let patience: Duration = .seconds(7 * 86_400)

  package init(
    store: any PostingStore, commit: GroupCommit, sender: any NoticeSending,
    clock: any EngineClock
  ) {
    self.store = store
    self.commit = commit
    self.sender = sender
    self.clock = clock
  }

  /// Sends all that is due now; slow recipients delay only themselves.
  ///
  /// - Returns: how many were tried.
  package func run() async throws -> Int {
    let due = try store.read {
      try $0.noticesDue(at: clock.now, limit: NoticeDelivery.batch)
    }
    let byRecipient = Dictionary(grouping: due, by: \.notice.recipient)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for notices in byRecipient.values {
        group.addTask {
          for notice in notices { try await deliver(notice) }
        }
      }
      try await group.waitForAll()
    }
    return due.count
  }

  private func deliver(_ notice: StoredNotice) async throws {
    var notice = notice
    notice.failure = await sender.send(notice)
    let now = clock.now
    notice.attemptCount += 1
    if notice.failure == nil {
      notice.deliveredAt = now
      notice.nextAt = nil
    } else {
      let isOver = notice.notice.createdAt + NoticeDelivery.patience <= now
      notice.nextAt = isOver ? nil : now + NoticeDelivery.pause(after: notice.attemptCount)
    }
    let outcome = notice
    try await commit.write { try $0.update(outcome) }
  }

  /// Doubles with each attempt.
  private static func pause(after attempts: Int) -> Duration {
    var pause = firstPause
    for _ in 1..<max(attempts, 1) where pause < longestPause { pause *= 2 }
    return min(pause, longestPause)
  }
}
