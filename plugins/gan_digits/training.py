"""One training step of the three nets, with all of its state as named tensors."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aigc_studio.toolkit import warm_up_and_decay
from gan_digits.augmentation import augment, draw_known
from gan_digits.losses import adversarial_loss, gradient_penalty
from gan_digits.network import Discriminator, Encoder, Generator

_NETS = ("generator", "discriminator", "encoder", "average")


@dataclass(frozen=True)
class GanSettings:
    """What is trained and how. `num_classes` 0 trains a model without classes.

    Two weights work against a generator that draws one picture a class, both by way of the
    encoder: `latent_weight` asks that a latent can be read off its picture (Chen et al. 2016,
    InfoGAN), `reconstruction_weight` that real pictures can be drawn from what the encoder reads
    in them (Larsen et al. 2016, VAE-GAN). With both at 0 the encoder only watches. `penalty` is
    the gamma of R1 and R2. Made for batches of 64.
    """

    size: int = 28
    channels: int = 1
    num_classes: int = 10
    width: int = 32
    latent_dim: int = 32
    loss: str = "relativistic"
    penalty: float = 0.5
    penalty_every: int = 8
    learning_rate: float = 1e-3
    flat_part: float = 0.4
    augmentation: float = 1.0
    augmentation_probability: float = 0.8
    average_decay: float = 0.998
    latent_weight: float = 0.5
    reconstruction_weight: float = 1.0
    encoder_every: int = 2

    def as_numbers(self) -> dict[str, int | float | str]:
        """The settings as plain values, for a model's card."""
        return asdict(self)


class GanStep:
    """The nets, their average and their optimisers, moved on one step at a time.

    `average` is the moving average of the generator and the one to keep and to draw from.
    `share_gradients`, if given, is called with the parameters after each backward pass: a run on
    several processes averages their gradients there.
    """

    def __init__(
        self,
        settings: GanSettings,
        seed: int = 0,
        share_gradients: Callable[[Iterable[nn.Parameter]], None] | None = None,
    ) -> None:
        self.settings = settings
        self.share_gradients = share_gradients
        s = settings
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.generator = Generator(s.size, s.channels, s.num_classes, s.width, s.latent_dim)
            self.discriminator = Discriminator(s.size, s.channels, s.num_classes, s.width)
            self.encoder = Encoder(
                s.size, s.channels, s.num_classes, max(s.width * 3 // 4, 8), s.latent_dim
            )
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        # Without momentum: the two sides chase each other, and momentum makes them circle.
        self.optimisers = {
            name: torch.optim.Adam(
                getattr(self, name).parameters(), lr=s.learning_rate, betas=(0.0, 0.99), fused=True
            )
            for name in ("generator", "discriminator")
        }
        self.optimisers["encoder"] = torch.optim.Adam(
            self.encoder.parameters(), lr=s.learning_rate, betas=(0.9, 0.99), fused=True
        )

    def step(
        self,
        batch_pixels: Tensor,
        batch_labels: Tensor,
        step_index: int,
        progress: float,
        generator: torch.Generator,
    ) -> dict[str, float]:
        """Train every net once, and say the losses.

        `batch_pixels` (n, channels, size, size) float32 in -1..1, `batch_labels` int64 (n,), all
        zero without classes. The learning rate falls with `progress` (0 to 1) through the
        training. Every random draw comes from `generator`.
        """
        s = self.settings
        factor = warm_up_and_decay(step_index, progress, flat=s.flat_part, floor=0.02)
        for optimiser in self.optimisers.values():
            for group in optimiser.param_groups:
                group["lr"] = s.learning_rate * factor
        latents = torch.randn(len(batch_pixels), s.latent_dim, generator=generator)
        fakes = self.generator(latents, batch_labels)
        real, metrics = self._train_discriminator(
            batch_pixels, fakes.detach(), batch_labels, step_index, generator
        )
        metrics |= self._train_generator(
            real, batch_pixels, fakes, latents, batch_labels, step_index, generator
        )
        self._move_average(step_index)
        return metrics

    def _augment(self, pixels: Tensor, generator: torch.Generator) -> Tensor:
        s = self.settings
        return augment(pixels, generator, s.augmentation, s.augmentation_probability)

    def _train_discriminator(
        self, reals: Tensor, fakes: Tensor, labels: Tensor, step: int, generator: torch.Generator
    ) -> tuple[Tensor, dict[str, float]]:
        s = self.settings
        reals, fakes = self._augment(reals, generator), self._augment(fakes, generator)
        penalised = s.penalty > 0 and step % s.penalty_every == 0
        if penalised:
            reals, fakes = reals.detach().requires_grad_(), fakes.detach().requires_grad_()
        real, fake = self.discriminator(reals, labels), self.discriminator(fakes, labels)
        loss = adversarial_loss(s.loss).discriminator(real, fake)
        metrics = {"discriminator_loss": loss.item(), "logit_gap": (real - fake).mean().item()}
        if penalised:
            # Done every few steps and weighted up by as many (Karras et al. 2020, StyleGAN2).
            slope = gradient_penalty(real, reals) + gradient_penalty(fake, fakes)
            loss = loss + 0.5 * s.penalty * s.penalty_every * slope
            metrics["slope"] = slope.item()
        self._descend("discriminator", loss)
        return real.detach(), metrics

    def _train_generator(
        self,
        real: Tensor,
        reals: Tensor,
        fakes: Tensor,
        latents: Tensor,
        labels: Tensor,
        step: int,
        generator: torch.Generator,
    ) -> dict[str, float]:
        self.discriminator.requires_grad_(False)
        fake = self.discriminator(self._augment(fakes, generator), labels)
        self.discriminator.requires_grad_(True)
        loss = adversarial_loss(self.settings.loss).generator(real, fake)
        metrics = {"generator_loss": loss.item()}
        if step % self.settings.encoder_every == 0:
            extra, more = self._encoder_loss(reals, fakes, latents, labels, generator)
            metrics |= more
            self.optimisers["encoder"].zero_grad(set_to_none=True)
            self._descend("generator", loss + extra)
            self._share(self.encoder)
            self.optimisers["encoder"].step()
        else:
            self._descend("generator", loss)
        return metrics

    def _encoder_loss(
        self,
        reals: Tensor,
        fakes: Tensor,
        latents: Tensor,
        labels: Tensor,
        generator: torch.Generator,
    ) -> tuple[Tensor, dict[str, float]]:
        s = self.settings
        # The encoder's own errors must not bend the generator unless that is asked for.
        seen = fakes if s.latent_weight > 0 else fakes.detach()
        known = draw_known(2 * len(reals), s.size, generator)
        guess, logits = self.encoder(torch.cat([seen, reals]), known)
        drawn = guess[: len(reals)]
        latent_loss = (drawn - latents).square().mean()
        class_loss = F.cross_entropy(logits, labels.repeat(2))
        weight = s.latent_weight if s.latent_weight > 0 else 1.0
        total = weight * latent_loss + 0.1 * class_loss
        metrics = {"latent_loss": latent_loss.item()}
        if s.reconstruction_weight > 0:
            found = guess[len(reals) :]
            again = (self.generator(found, labels) - reals).abs().mean()
            # Keep the guesses for real pictures where latents are drawn from: mean 0, spread 1.
            stray = found.mean(dim=0).square().mean() + (found.var(dim=0) - 1).square().mean()
            total = total + s.reconstruction_weight * (again + 0.1 * stray)
            metrics["reconstruction_loss"] = again.item()
        return total, metrics

    def _share(self, net: nn.Module) -> None:
        if self.share_gradients is not None:
            self.share_gradients(net.parameters())

    def _descend(self, name: str, loss: Tensor) -> None:
        self.optimisers[name].zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        self._share(getattr(self, name))
        self.optimisers[name].step()

    @torch.no_grad()
    def _move_average(self, step: int) -> None:
        # A short memory at first, or the average would carry the untrained start along.
        decay = min(self.settings.average_decay, (1 + step) / (10 + step))
        moving: list[Tensor] = list(self.average.parameters())
        current: list[Tensor] = list(self.generator.parameters())
        torch._foreach_lerp_(moving, current, 1 - decay)

    def state_tensors(self) -> dict[str, Tensor]:
        """Copies of all that a resumed run needs beside the caller's random state, by name."""
        state = {
            f"{net}.{name}": tensor.detach().clone()
            for net in _NETS
            for name, tensor in getattr(self, net).state_dict().items()
        }
        for owner, optimiser in self.optimisers.items():
            for index, moments in optimiser.state_dict()["state"].items():
                for name, tensor in moments.items():
                    state[f"optimiser.{owner}.{index}.{name}"] = tensor.detach().clone()
        return state

    def load_state_tensors(self, state: dict[str, Tensor]) -> None:
        """Put back what `state_tensors` gave; the next step is then the same to the bit."""
        for net in _NETS:
            part = {
                k.removeprefix(f"{net}."): v for k, v in state.items() if k.startswith(f"{net}.")
            }
            getattr(self, net).load_state_dict(part)
        for owner, optimiser in self.optimisers.items():
            moments: dict[int, dict[str, Tensor]] = {}
            for key, tensor in state.items():
                if key.startswith(f"optimiser.{owner}."):
                    _, _, index, name = key.split(".")
                    moments.setdefault(int(index), {})[name] = tensor.clone()
            groups = optimiser.state_dict()["param_groups"]
            optimiser.load_state_dict({"state": moments, "param_groups": groups})
