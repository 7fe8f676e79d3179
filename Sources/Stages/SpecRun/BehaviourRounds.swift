import BakeModel

/// Asks the running image again and again until everything is as expected at once, or the time is over.
///
/// A round looks at every resource, so that `listening: false` is judged at a moment when the rest is up, and not
/// before the process has begun; where nothing is asked that shows when it has, see `Settling`. The last round counts.
/// Between rounds the end of the process is waited for, at most one pause: when it ends, one more round tells what is left.
struct BehaviourRounds {
    let resources: [Resource]
    let image: ImageState
    let service: any ImageService
    /// Counted from the first round on.
    let patience: SpecPatience
    /// Until when a round that passes is none; nil where the first one counts.
    var settling: Settling?

    /// The checks of the last round, a list for each resource.
    func checks() -> [[Verdict.Check]] {
        let start = ContinuousClock.now
        var end: ServiceEnd?
        while true {
            // Before the round: what it saw may be older than what shows that the process has begun.
            let isSettled = settling?.isOver(after: (ContinuousClock.now - start).milliseconds, service) ?? true
            let round = resources.map { resource in checks(resource, since: start) }
            let passed = round.joined().allSatisfy { !$0.outcome.isFailure }
            if passed, isSettled { return round }
            if let end { return Self.telling(of: end, in: round) }
            if (ContinuousClock.now - start).milliseconds + patience.pause > patience.deadline { return round }
            end = try? service.end(within: Int32(clamping: patience.pause))
        }
    }

    /// Every check that did not pass names the end; only the first has the lines that tell why.
    private static func telling(of end: ServiceEnd, in round: [[Verdict.Check]]) -> [[Verdict.Check]] {
        var isFirst = true
        return round.map { checks in
            checks.map { check in
                guard check.outcome.isFailure else { return check }
                defer { isFirst = false }
                return check.after(end, hasLines: isFirst)
            }
        }
    }

    private func checks(_ resource: Resource, since start: ContinuousClock.Instant) -> [Verdict.Check] {
        let checks = ResourceCheck(resource: resource).checks { try state(resource.inquiry) }
        let elapsed = (ContinuousClock.now - start).milliseconds
        return checks.map { $0.outcome.isSkip ? $0 : $0.lasting(elapsed) }
    }

    /// The root as the process sees it; nil once it has ended.
    private var runningRoot: MountedRoot? { try? MountedRoot(at: service.rootDirectory) }

    private var hosts: HostNames { HostNames(runningRoot ?? image.root) }

    private func state(_ inquiry: Inquiry) throws -> any ResourceState {
        switch inquiry {
        case .port(let port): return try PortState(port, networkDirectory: service.networkDirectory)
        case .process(let name):
            return try ProcessState(name, processDirectory: service.processDirectory, except: service.foreignProcesses)
        case .http(let request): return HTTPState(request, image.root, hosts)
        case .addr(let request): return AddressState(request, hosts, runningRoot)
        case .dns(let request): return NameState(request, hosts)
        case .interface(let name): return try InterfaceState(name)
        case .kernelParam(let name): return try KernelParamState(name, processDirectory: service.processDirectory)
        case .mount(let path):
            return try MountState(path, table: service.mountTable, root: service.rootDirectory)
        case .service(let name):
            return ServiceState(name: name, root: image.root) { [service] program in
                try ProcessState(
                    program, processDirectory: service.processDirectory, except: service.foreignProcesses
                ).isRunning
            }
        case .file, .package, .user, .group, .command, .matching:
            throw StateError(subject: inquiry.type.rawValue, reason: "it is asked of the root file system")
        }
    }
}

extension Verdict.Check {
    /// The check with the process's end told.
    fileprivate func after(_ end: ServiceEnd, hasLines: Bool) -> Verdict.Check {
        let told = "the image's process had ended with \(end.ending.explanation)"
        let last =
            end.lastLines.isEmpty
            ? "; it wrote nothing" : "; its last lines: \(Shown.text(end.lastLines.utf8.suffix(Shown.longest)))"
        var check = self
        check.outcome = outcome.remarked(told + (hasLines ? last : ""))
        return check
    }
}
