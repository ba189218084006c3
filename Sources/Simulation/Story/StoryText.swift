import Ledger
import PostingEngine

extension Story {
  /// The whole story in lines that people read.
  package var text: [String] {
    var lines: [String] = []
    for (index, erp) in erps.enumerated() {
      lines.append(
        "erp-\(index + 1) is \(erp.kind.rawValue): batches of \(erp.batchSize), "
          + "\(erp.limits.concurrency) at once, time-out \(erp.callTimeout.storyText), "
          + "quiet period \(erp.quietPeriod.storyText)")
    }
    lines.append(
      "\(workers == 1 ? "One worker" : "\(workers) workers"); the rules are mended at "
        + "\(mendedAt.storyText); faults end at \(calmAt.storyText)")
    for arrival in arrivals {
      let names = arrival.documents.map { "\($0.storyName) of \($0.entity)" }
        .joined(separator: ", ")
      let again = arrival.repeatsAfter.map { ", and again after \($0.storyText)" } ?? ""
      lines.append("at \(arrival.at.storyText): \(names)\(again)")
    }
    return lines + faults.map(\.text)
  }
}
