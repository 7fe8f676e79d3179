import BakeModel
import BlobStorage
import Glibc
import LinuxSystem
import RootFilesystem

/// The helper process that mounts an image and looks at it.
public enum SpecHelper {
    /// What it is called on the command line.
    public static let name = "spec"

    /// Does its request, and ends the process. Only in namespaces that `UserNamespace.launcher(network: .own)` made, but
    /// for a request about the machine itself.
    public static func serve() -> Never {
        umask(0o022)
        HelperService.serve { message in
            guard let request = SpecRequest(message) else { throw SpecRequestError() }
            return try request.perform().json
        }
    }
}

extension SpecRequest {
    /// Mounts what is to be looked at, and looks at everything that the spec asks about.
    func perform() throws -> Verdict {
        // What it asks of whoever tests was granted where it was read first, or it would not be here.
        let spec = try Spec(parsing: text, name: name, with: SpecContext(lender: [:]))
        switch subject {
        case .image(let layers, let configuration):
            let store = try BlobStore.open(store, workspace: workspace)
            let target = try SpecTarget(StageRoot(layers: layers, configuration: configuration), in: store)
            return try verdict(spec, target, store)
        case .directory("/"):
            StrayProcesses.adopt()
            let machine = MachineProcesses(environment: environment, endsStrays: true)
            return try verdict(
                spec, SpecTarget(path: "/", configuration: ImageConfiguration(), processes: machine), nil)
        case .directory(let path):
            let processes = SandboxProcesses(
                layers: LayerCache.Hold(), configuration: ImageConfiguration(), temporary: workspace, changes: [path])
            var target = SpecTarget(path: path, configuration: ImageConfiguration(), processes: processes)
            target.hidesOwners = try !UserNamespace.isRoots()
            return try verdict(spec, target, nil)
        }
    }

    /// The goss files come first, the other parts in their order.
    private func verdict(_ spec: Spec, _ target: SpecTarget, _ store: BlobStore?) throws -> Verdict {
        let judgement = SpecJudgement(target: target, patience: patience)
        let asked = try judgement.verdict(on: spec.gossFile)
        let others = try spec.parts.enumerated().map { number, part in
            switch part {
            case .goss: Verdict(checks: [])
            case .structure(let file): try judgement.verdict(on: file)
            case .command(let check): Verdict(checks: [self.check(check, on: target, store)])
            case .boot(let boot):
                BootRun(
                    boot: boot, number: number, tested: target, store: store, images: images, patience: patience
                ).verdict()
            }
        }
        return withExtendedLifetime(target) { Verdict(joining: [asked] + others) }
    }

    private func check(_ check: StageCheck, on target: SpecTarget, _ store: BlobStore?) -> Verdict.Check {
        guard let store else { return StageCommands.unknown(check, nil) }
        return StageCommands(store: store, roots: stages, image: target.path, absent: absences).check(check)
    }
}

/// A request that this helper did not understand.
struct SpecRequestError: ExplainedError, Hashable {
    var doing: String { "read" }
    var subject: String { "the request to look at an image" }
    var reason: String { "a member is missing or malformed" }
}
