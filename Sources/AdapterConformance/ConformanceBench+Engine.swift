import AdapterKit

/// How an entry ends.
enum SampleEnd: String, Sendable {
  case posted, rejected
  /// A person decides.
  case unclear
}

extension ConformanceBench {
  /// Posts an entry as the engine does: what is in doubt is looked up before it is sent again.
  ///
  /// - Parameter outcome: of a first try; nil where none was made.
  func post(_ submission: Submission, after outcome: PostingOutcome?? = nil) async throws
    -> SampleEnd
  {
    var isDoubtful = false
    var next = outcome
    for _ in 0..<mostTries {
      if let current = next {
        switch current {
        case .posted?, .alreadyPosted?: return .posted
        case .rejected?: return isDoubtful ? .unclear : .rejected
        case .retryLater?: break
        case .unknown?, .submitted?, nil: isDoubtful = true
        }
      }
      if isDoubtful, let finder = adapter.postingFinder {
        switch await finder.find(submission.key) {
        case .found: return .posted
        case .absent: isDoubtful = false
        case .cannotTell:
          next = .none
          continue
        }
      } else if isDoubtful, !adapter.descriptor.recognisesRepeats {
        return .unclear
      }
      next = try await self.outcome(of: submission)
    }
    return .unclear
  }

  /// The most tries of one entry.
  private var mostTries: Int { 7 }
}
