import BakeModel
import Glibc

/// All checks of a spec on one image, inside the namespaces where the image is mounted.
///
/// The root file system is asked first, in the file's order; only then, and only where something asks for it, the
/// image's own process is started, and commands run beside it, as `docker exec` has them.
struct SpecSuite {
    let spec: SpecFile
    let image: ImageState
    let processes: any ImageProcesses
    /// How long what is asked of the running image may take to become so.
    let patience: SpecPatience
    /// The image's own process where it runs already; it is not ended here.
    var service: (any ImageService)?
    /// When that process counts as started where nothing that is asked shows it.
    var settling: Settling?
    private let begin = ContinuousClock.now

    /// Looks at everything.
    func verdict() -> Verdict {
        let late = lateResources
        let early = spec.resources.map { late.contains($0) ? [] : checks($0, on: processes) }
        let failed = zip(spec.resources, early).filter { $1.contains(where: \.outcome.isFailure) }.map(\.0)
        let found = lateChecks(late, failed: failed)
        var rest = found.checks.makeIterator()
        let all = zip(spec.resources, early).map { resource, checks in
            if late.contains(resource) { return rest.next() ?? [] }
            return found.changed.contains(resource) ? checks.map(Self.tellingOfTheImage) : checks
        }
        return Verdict(checks: all.flatMap { $0 } + [found.start].compactMap { $0 }, output: found.output)
    }

    private static func tellingOfTheImage(_ check: Verdict.Check) -> Verdict.Check {
        var told = check
        told.outcome = check.outcome.remarked("in the image; it was changed beside its process, which a command sees")
        return told
    }

    /// What is asked of the running image; commands, too, where anything else is: they run beside its process.
    private var lateResources: Set<Resource> {
        let starts = service != nil || spec.asksRunningImage
        return Set(spec.resources.filter { $0.isBehaviour || (starts && $0.type == .command) })
    }

    private func checks(_ resource: Resource, on runner: any ProgramRunner) -> [Verdict.Check] {
        let check = ResourceCheck(resource: resource)
        if case .command(let request) = resource.inquiry, !resource.isSkipped {
            return command(request, check, runner)
        }
        return check.checks {
            guard let state = try image.answer(to: resource.inquiry) else {
                throw StateError(subject: resource.id, reason: "nothing answers for it")
            }
            return state
        }
    }

    /// Runs a command, again where something was not as expected and the spec or whoever tests asks for that.
    private func command(
        _ request: CommandRequest, _ check: ResourceCheck, _ runner: any ProgramRunner
    ) -> [Verdict.Check] {
        var triesLeft = request.retries
        while true {
            let start = ContinuousClock.now
            let state = CommandState(request, on: runner)
            let duration = (ContinuousClock.now - start).milliseconds
            let checks = check.checks { state }.enumerated().map {
                $0.offset == 0 ? $0.element.lasting(duration) : $0.element
            }
            if checks.allSatisfy({ !$0.outcome.isFailure }) { return checks }
            let delay = triesLeft > 0 ? request.retryDelay : patience.pause
            let rest = patience.repeatsCommands ? patience.deadline - (ContinuousClock.now - begin).milliseconds : 0
            guard triesLeft > 0 || delay < rest else { return checks }
            triesLeft -= 1
            // The one wait that whoever asks gives by length.
            poll(nil, 0, Int32(clamping: delay))
        }
    }

    /// What was asked of the running image.
    private struct LateChecks {
        /// Those of each resource, in the file's order.
        let checks: [[Verdict.Check]]
        /// That the image's process started, where it was started here.
        var start: Verdict.Check?
        /// Those that failed before, and of which the image's process has another file in its own root by now.
        var changed: Set<Resource> = []
        /// What it wrote, where a check failed while it ran.
        var output: String?
    }

    private func lateChecks(_ late: Set<Resource>, failed: [Resource]) -> LateChecks {
        let resources = spec.resources.filter(late.contains)
        guard resources.contains(where: { !$0.isSkipped }) else {
            return LateChecks(checks: resources.map { ResourceCheck(resource: $0).checks(failing: NoProcess()) })
        }
        do {
            let running = try service ?? processes.startService()
            defer { if service == nil { running.stop() } }
            let checks = checks(resources, running)
            let hasFailed = checks.joined().contains { $0.outcome.isFailure }
            let start = service == nil ? try start(of: running, asked: resources, hasFailed: hasFailed) : nil
            let isTold = (hasFailed || start?.isFailure == true) && !running.output.isEmpty
            return LateChecks(
                checks: checks, start: start.map { .start($0) }, changed: changed(failed, by: running),
                output: isTold ? running.output : nil)
        } catch {
            return LateChecks(checks: resources.map { checks($0, withoutProcess: error) })
        }
    }

    private func changed(_ failed: [Resource], by service: any ImageService) -> Set<Resource> {
        guard !failed.isEmpty, let before = image.root as? MountedRoot,
            let now = try? MountedRoot(at: service.rootDirectory)
        else { return [] }
        return Set(failed.filter { $0.file.map { before.trace(of: $0) != now.trace(of: $0) } ?? false })
    }

    /// What was asked may all be so, and the image broken all the same. Where something asked has failed, that needs no
    /// time of its own.
    private func start(
        of service: any ImageService, asked resources: [Resource], hasFailed: Bool
    ) throws -> Verdict.Outcome {
        let isWatched = processes is SandboxProcesses && !hasFailed
        let ending = try service.end(within: isWatched ? Self.lastLook : 0)?.ending
        let outcome = Verdict.Outcome.started(endedWith: ending)
        if outcome.isFailure || hasFailed { return outcome }
        // A daemon that leaves its parent is seen for a moment; then the parent's end takes it along, as in a container.
        if let ending, resources.needTheProcess {
            return .failed(
                expected: "it runs, as what was asked of it needs", found: "it has ended with \(ending.explanation)")
        }
        return settling?.failure(after: begin, patience, service) ?? outcome
    }

    /// How long a process is looked at after all that was asked passed, in milliseconds.
    private static let lastLook: Int32 = 200

    /// Commands need no process of the image's own, and whether a service is enabled is asked of its root.
    private func checks(_ resource: Resource, withoutProcess error: any Error) -> [Verdict.Check] {
        switch resource.inquiry {
        case .command: return checks(resource, on: processes)
        case .service(let name):
            let state = ServiceState(name: name, root: image.root) { _ in throw error }
            return ResourceCheck(resource: resource).checks { state }
        default: return ResourceCheck(resource: resource).checks(failing: error)
        }
    }

    /// Commands come when everything else is as expected, or will not become so.
    private func checks(_ resources: [Resource], _ service: any ImageService) -> [[Verdict.Check]] {
        let asked = resources.filter(\.isBehaviour)
        var found = BehaviourRounds(
            resources: asked, image: image, service: service, patience: patience, settling: settling
        ).checks().makeIterator()
        return resources.map { $0.isBehaviour ? found.next() ?? [] : checks($0, on: service) }
    }
}

extension Resource {
    /// The one file that answers for it; nil where there is none.
    fileprivate var file: String? {
        switch inquiry {
        case .file(let path): path
        case .user: "/etc/passwd"
        case .group: "/etc/group"
        case .package: "/var/lib/dpkg/status"
        default: nil
        }
    }
}

extension Verdict.Check {
    /// The same check with another duration.
    func lasting(_ milliseconds: Int64) -> Verdict.Check {
        var check = self
        check.milliseconds = milliseconds
        return check
    }
}
