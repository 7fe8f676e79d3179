import BakeModel

/// When an image's own process has begun its work, for specs of which nothing shows that: that a port is not listened on
/// says nothing before somebody could have, and that a process runs nothing before it could have failed.
struct Settling {
    /// The TCP ports that the image declares, at least one of which tells.
    private let ports: [UInt16]

    /// How long a process stays up before it counts as started where its image declares no ports, in milliseconds.
    static let time: Int64 = 2000

    /// Nil where what is asked passes only once the process has begun its work.
    /// - Parameter ports: as `ImageConfiguration.ports`.
    init?(for resources: [Resource], ports: [String]) {
        guard !resources.showThatItRuns else { return nil }
        self.ports = ports.filter { !$0.hasSuffix("/udp") }.compactMap { UInt16($0.prefix { $0 != "/" }) }
    }

    /// Whether it has.
    /// - Parameter elapsed: milliseconds since it was started.
    func isOver(after elapsed: Int64, _ service: any ImageService) -> Bool {
        ports.isEmpty ? elapsed >= Self.time : ports.contains { isOpen($0, service) }
    }

    /// Whether all of it has, as whoever asks but once must wait for.
    /// - Parameter elapsed: milliseconds since it was started.
    func isComplete(after elapsed: Int64, _ service: any ImageService) -> Bool {
        ports.isEmpty ? elapsed >= Self.time : ports.allSatisfy { isOpen($0, service) }
    }

    private func isOpen(_ number: UInt16, _ service: any ImageService) -> Bool {
        [ListeningPort.Network.tcp, .tcp6].contains { network in
            let port = ListeningPort(network: network, number: number)
            let state = try? PortState(port, networkDirectory: service.networkDirectory)
            return (try? state?.value(of: .listening)) == .bool(true)
        }
    }

    /// That it never began: nil where one of the ports is listened on, where the image declares none, and where less time
    /// was given than a process takes.
    func failure(
        after begin: ContinuousClock.Instant, _ patience: SpecPatience, _ service: any ImageService
    ) -> Verdict.Outcome? {
        let elapsed = (ContinuousClock.now - begin).milliseconds
        guard !ports.isEmpty, patience.deadline >= Self.time, !isOver(after: elapsed, service) else { return nil }
        let names = ports.map(String.init).joined(separator: ", ")
        return .failed(
            expected: "it listens on a port that the image declares: \(names)",
            found: "nobody did within \(patience.deadline) ms")
    }
}

extension [Resource] {
    /// Whether one of them asks for something that is there no more when the process has ended: what runs, what listens.
    var needTheProcess: Bool {
        contains { resource in
            !resource.isSkipped
                && resource.expectations.contains {
                    [.listening, .running].contains($0.property) && $0.matcher == .bool(true)
                }
        }
    }

    /// Whether one of them passes only while the process is there and has begun its work.
    var showThatItRuns: Bool {
        contains { resource in
            !resource.isSkipped
                && (resource.type == .http
                    || resource.expectations.contains {
                        [.listening, .reachable].contains($0.property) && $0.matcher == .bool(true)
                    })
        }
    }
}

extension ImageService {
    /// Whether it runs, or has done its work and ended.
    /// - Parameter milliseconds: how long to look: what the last question did to it shows a little later.
    func started(within milliseconds: Int32 = 0) throws -> Verdict.Outcome {
        .started(endedWith: try end(within: milliseconds)?.ending)
    }
}
