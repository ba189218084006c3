internal import AdapterConformance
internal import StrictJSON

/// A certificate for programs.
struct CertificateJSON {
  let certificate: Certificate

  init(_ certificate: Certificate) { self.certificate = certificate }

  var bytes: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("adapter")
      writer.string(certificate.adapter)
      writer.key("level")
      if let level = certificate.level { writer.string(level.rawValue) } else { writer.null() }
      writer.key("checks")
      writer.array { writer in
        for entry in certificate.entries { CertificateJSON.write(entry, to: &writer) }
      }
    }
    return writer.bytes
  }

  private static func write(_ entry: Certificate.Entry, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.key("level")
      writer.string(entry.level.rawValue)
      writer.key("name")
      writer.string(entry.name)
      writer.key("result")
      switch entry.result {
      case .passed: writer.string("passed")
      case .failed: writer.string("failed")
      case .notApplicable(let reason):
        writer.string("skipped")
        writer.key("reason")
        writer.string(reason)
      }
      writer.key("faults")
      writer.array { writer in for fault in entry.result.faults { writer.string(fault) } }
    }
  }
}
