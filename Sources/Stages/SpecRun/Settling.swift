import BakeModel

/// When an image's own process has begun its work, for specs of which nothing shows that: that a port is not listened on
/// says nothing before somebody could have.
struct Settling {
    /// The TCP ports that the image declares.
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
        if ports.isEmpty { return elapsed >= Self.time }
        return ports.allSatisfy { port in
            [ListeningPort.Network.tcp, .tcp6].contains { network in
                let port = ListeningPort(network: network, number: port)
                let state = try? PortState(port, networkDirectory: service.networkDirectory)
                return (try? state?.value(of: .listening)) == .bool(true)
            }
        }
    }
}

extension [Resource] {
    /// Whether one of them passes only while the process is there and has begun its work.
    var showThatItRuns: Bool {
        contains { resource in
            !resource.isSkipped
                && (resource.type == .http
                    || resource.expectations.contains {
                        [.running, .listening, .reachable].contains($0.property) && $0.matcher == .bool(true)
                    })
        }
    }
}

extension ImageService {
    /// Whether it runs, or has done its work and ended.
    func started() throws -> Verdict.Outcome {
        guard let end = try end(within: 0), !end.ending.succeeded else { return .passed }
        return .failed(
            expected: "it runs, or has ended with exit status 0", found: "it ended with \(end.ending.explanation)")
    }
}
