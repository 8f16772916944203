"""One training step of the three nets."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aigc_studio.toolkit import (
    Average,
    Learner,
    Moment,
    augment,
    draw_known,
    to_values,
    warm_up_and_decay,
)
from gan_digits.handwork import varied
from gan_digits.losses import adversarial_loss, gradient_penalty
from gan_digits.network import GanSettings, Nets


class GanStep(Learner):
    """The nets, the moving average of the generator, and their optimisers.

    The average is the one to keep and to draw from. With `vary` the pictures of a batch come twice
    as large as the nets' own, and each is drawn a little differently every time.
    """

    def __init__(self, settings: GanSettings, seed: int = 0, *, vary: bool = False) -> None:
        self.settings, self._vary = settings, vary
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            nets = Nets(settings)
        self.generator, self.discriminator = nets.generator, nets.discriminator
        self.encoder = nets.encoder
        self.average = Average(self.generator, settings.average_decay)
        self._rate = 1.0
        super().__init__(
            dict(nets.named_children()),
            {
                # Without momentum: the two sides chase each other, and momentum makes them circle.
                "generator": self._adam(nets.generator, 0.0),
                "discriminator": self._adam(nets.discriminator, 0.0),
                "encoder": self._adam(nets.encoder, 0.9),
            },
            {"generator": self.average},
        )

    def _adam(self, net: nn.Module, momentum: float) -> torch.optim.Optimizer:
        rate = self.settings.learning_rate
        return torch.optim.Adam(net.parameters(), lr=rate, betas=(momentum, 0.99), fused=True)

    def step(self, batch: tuple[Tensor, Tensor], moment: Moment) -> Mapping[str, float]:
        """Train every net once, and say the losses.

        `batch` is uint8 (n, channels, size, size) and the labels, int64 (n,), all zero without
        classes. The learning rate falls with the progress of the training.
        """
        s, generator = self.settings, moment.generator
        planes = varied(batch[0], generator) if self._vary else batch[0]
        pixels, labels = to_values(planes, -1), batch[1]
        self._rate = warm_up_and_decay(moment.step, moment.progress, flat=s.flat_part, floor=0.02)
        latents = torch.randn(len(pixels), s.latent_dim, generator=generator)
        fakes = self.generator(latents, labels)
        real, metrics = self._train_discriminator(
            pixels, fakes.detach(), labels, moment.step, generator
        )
        metrics |= self._train_generator(
            real, pixels, fakes, latents, labels, moment.step, generator
        )
        self.average.update(moment.step)
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
        self.descend("discriminator", loss, rate=self._rate)
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
            self.descend(("generator", "encoder"), loss + extra, rate=self._rate)
        else:
            self.descend("generator", loss, rate=self._rate)
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
