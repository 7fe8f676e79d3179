import BakeModel
import LinuxSystem
import RootFilesystem

extension StageBuilder {
    /// The root of a Debian suite, from packages that the lock pins: fetched by hash, installed offline.
    func debianLayer(_ locked: LockedPackages, log: Descriptor) throws -> Layer {
        try fetch(locked)
        let plan = try DebianRootPlan(locked, store: store, machine: machine)
        // The plan's repository lies in a directory that goes with it.
        defer { withExtendedLifetime(plan) {} }
        let captured = try LogTail(passingTo: log)
        do {
            return try workshop.assemble(plan.request, log: captured.input, meter: meter)
        } catch let failure as any ExplainedError {
            throw LayerFault.commandFailed(
                "mmdebstrap", ending: failure.reason, lastLines: (try? captured.lastLines()) ?? "")
        }
    }

    private func fetch(_ locked: LockedPackages) throws {
        let missing = locked.closure.filter { !store.contains($0.digest) }
        if !missing.isEmpty { meter?.begin("fetching", total: missing.reduce(0) { $0 + $1.size }) }
        defer { meter?.end() }
        try DebianFetch(machine: machine, store: store).fetch(locked) { meter?.add($0.size) }
    }
}
