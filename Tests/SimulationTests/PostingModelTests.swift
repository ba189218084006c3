import Simulation
import Testing

@Suite struct PostingModelTests {
  @Test(arguments: PostingModel.ERP.allCases)
  func `no order of events breaks a promise or leads nowhere`(erp: PostingModel.ERP) {
    let report = PostingModel(erp).explore()
    let way = (report.counterexample ?? []).joined(separator: "\n")
    #expect(report.broken == nil, "\(way)")
    #expect(report.states > 40)
    print("model of \(erp): \(report.states) states, \(report.steps) steps, depth \(report.depth)")
  }

  @Test(arguments: PostingModel.Omission.allCases)
  func `without a guarantee some order of events breaks a promise`(
    omission: PostingModel.Omission
  ) {
    let broken = PostingModel(.lookUp, without: omission).explore().broken
    #expect(broken == .nothingTwice)
  }
}
