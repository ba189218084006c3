internal import Foundation
internal import Ledger
internal import Logging
internal import PosternConfiguration

/// A folder with the configuration that `init` writes, removed at the end.
struct BenchFolder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("postern-bench-\(UUID().uuidString)").path
    var generator = SystemRandomNumberGenerator()
    _ = try ConfigurationTemplate(using: &generator).write(to: path)
  }

  func options() -> GlobalOptions {
    var options = GlobalOptions()
    var place = PlaceOptions()
    place.config = path
    place.logLevel = .warning
    place.logFormat = .text
    options.place = place
    options.output = .table
    return options
  }

  /// Replaces the connection to the ERP.
  func writeConnection(_ yaml: String) throws {
    try Data(yaml.utf8).write(to: URL(fileURLWithPath: path + "/connections/erp.yaml"))
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// What the operating system says about this process.
enum ProcessFigures {
  /// The most memory that was resident, in MiB; nil where the system does not say.
  static var peakResidentMiB: Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(separator: " ").dropLast().last.flatMap({ Int($0) })
    else { return nil }
    return kibibytes / 1_024
  }
}

/// A time measured around some work.
struct Stopwatch {
  private let start = ContinuousClock.now

  var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// What the whole process has used so far, on every core.
  static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

extension Double {
  /// With so many decimals.
  func text(_ decimals: Int = 0) -> String { String(format: "%.\(decimals)f", self) }
}
