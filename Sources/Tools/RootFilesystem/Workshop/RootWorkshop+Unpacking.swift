import BakeModel
import LinuxSystem

extension RootWorkshop {
    /// Lets a layer be unpacked into the cache while this process packs it, so that whoever mounts it next need not read and
    /// decompress it again.
    ///
    /// It is a service: where unpacking fails the layer is unpacked when it is mounted, and what is wrong is told then.
    /// - Parameter pack: puts the layer into the store, and writes its tar to the descriptor meanwhile, if there is one. Where
    ///   it throws the cache gets nothing.
    public func unpacking(_ pack: (_ copy: Descriptor?) throws -> Layer) throws -> Layer {
        var intake = try? LayerIntake { try start(ReceiveTask(), $0, network: .own) }
        let packed = Result { try pack(intake?.tar) }
        if case .success(let layer) = packed { try? intake?.name.write(layer.json.canonicalBytes) }
        let helper = intake?.helper
        // Closes the pipes: the tar ends, and what was not named by now never is.
        intake = nil
        try? helper?.result()
        return try packed.get()
    }
}

/// A helper that unpacks a tar while it is written.
private struct LayerIntake {
    /// Takes the tar.
    let tar: Descriptor
    /// Takes what the tar turned out to be.
    let name: Descriptor
    /// Waits for the helper's end.
    let helper: Worker<Void>

    init(start: ([RootDescriptor: Descriptor]) throws -> HelperCall) throws {
        let (tars, names) = (try Descriptor.pipe(), try Descriptor.pipe())
        let call = try start([.inputs: tars.read, .name: names.read])
        (tar, name) = (tars.write, names.write)
        // Both read ends stay open for as long as somebody writes: a pipe that nobody reads would end the writer.
        helper = Worker { [tar = tars.read, name = names.read] in
            let ending = Result { try call.finish(deadline: RootWorkshop.overhead) }
            // Where the helper took only a part the packer must not wait for ever.
            try tar.readPieces(of: 65_536) { _ in }
            _ = try withExtendedLifetime(name) { try ending.get() }
        }
    }
}
