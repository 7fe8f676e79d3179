import BakeModel
import Glibc

/// All checks of a spec on one image, inside the namespaces where the image is mounted.
///
/// The root file system is asked first, in the file's order; only then, and only where something asks for it, the
/// image's own process is started.
struct SpecSuite {
    let spec: SpecFile
    let image: ImageState
    let processes: any ImageProcesses
    /// How long what is asked of the running image may take to become so, in milliseconds.
    let deadline: Int64

    /// Looks at everything.
    func verdict() -> Verdict {
        let resources = spec.resources
        let state = resources.map { $0.type.isBehaviour ? [] : checks($0) }
        let (found, output) = behaviourChecks(resources.filter(\.type.isBehaviour))
        var behaviour = found.makeIterator()
        let all = zip(resources, state).map { resource, checks in
            resource.type.isBehaviour ? behaviour.next() ?? [] : checks
        }
        return Verdict(checks: all.flatMap { $0 }, output: output)
    }

    private func checks(_ resource: Resource) -> [Verdict.Check] {
        let check = ResourceCheck(resource: resource)
        if case .command(let request) = resource.inquiry, !resource.isSkipped { return command(request, check) }
        return check.checks {
            guard let state = try image.answer(to: resource.inquiry) else {
                throw StateError(subject: resource.id, reason: "nothing answers for it")
            }
            return state
        }
    }

    /// Runs a command, again where the spec asks for it and something was not as expected.
    private func command(_ request: CommandRequest, _ check: ResourceCheck) -> [Verdict.Check] {
        var triesLeft = request.retries
        while true {
            let start = ContinuousClock.now
            let state = CommandState(request, processes)
            let duration = (ContinuousClock.now - start).milliseconds
            let checks = check.checks { state }.enumerated().map {
                $0.offset == 0 ? $0.element.lasting(duration) : $0.element
            }
            if triesLeft == 0 || checks.allSatisfy({ $0.outcome == .passed }) { return checks }
            triesLeft -= 1
            // The one wait that a spec itself asks for by length.
            poll(nil, 0, Int32(clamping: request.retryDelay))
        }
    }

    /// The checks of each resource, and what the image's process wrote where one of them failed while it ran.
    private func behaviourChecks(_ resources: [Resource]) -> (checks: [[Verdict.Check]], output: String?) {
        guard resources.contains(where: { !$0.isSkipped }) else {
            return (resources.map { ResourceCheck(resource: $0).checks(failing: NoProcess()) }, nil)
        }
        do {
            let service = try processes.startService()
            defer { service.stop() }
            let checks = BehaviourRounds(resources: resources, image: image, service: service, deadline: deadline)
                .checks()
            let hasFailed = checks.joined().contains { $0.outcome.isFailure }
            return (checks, hasFailed && !service.output.isEmpty ? service.output : nil)
        } catch {
            return (resources.map { ResourceCheck(resource: $0).checks(failing: error) }, nil)
        }
    }
}

extension Verdict.Check {
    /// The same check with another duration.
    func lasting(_ milliseconds: Int64) -> Verdict.Check {
        Verdict.Check(
            resource: resource, id: id, property: property, outcome: outcome, milliseconds: milliseconds)
    }
}
