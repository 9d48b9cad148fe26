import type uPlot from "uplot";
import type { ReleaseMark } from "../../../shared/model/flow-traffic.ts";
import { DECISIONS } from "../decision-words.ts";

export interface MarkStyle {
  colour: string;
  font: string;
}

/** Draws a line where a release changed who serves, with its number in the list of releases, and its name where there is room. */
export function releaseMarks(marks: () => readonly ReleaseMark[], style: MarkStyle): uPlot.Plugin {
  return {
    hooks: {
      draw(plot) {
        const { ctx, bbox } = plot;
        const ratio = window.devicePixelRatio;
        const places = marks().map(({ at }) => plot.valToPos(Date.parse(at) / 1000, "x", true));
        ctx.save();
        ctx.strokeStyle = style.colour;
        ctx.fillStyle = style.colour;
        ctx.font = `${11 * ratio}px ${style.font}`;
        ctx.textAlign = "left";
        ctx.textBaseline = "bottom";
        ctx.lineWidth = ratio;
        for (const [index, mark] of marks().entries()) {
          const x = Math.round(places[index] ?? 0) + 0.5;
          if (x < bbox.left || x > bbox.left + bbox.width) continue;
          ctx.setLineDash([3 * ratio, 3 * ratio]);
          ctx.beginPath();
          ctx.moveTo(x, bbox.top - 4 * ratio);
          ctx.lineTo(x, bbox.top + bbox.height);
          ctx.stroke();
          const room = (places[index + 1] ?? bbox.left + bbox.width) - x - 6 * ratio;
          const text = labelOf(ctx, index + 1, mark, room);
          if (text !== undefined) ctx.fillText(text, x - 2 * ratio, bbox.top - 5 * ratio);
        }
        ctx.restore();
      },
    },
  };
}

function labelOf(
  ctx: CanvasRenderingContext2D,
  number: number,
  { kind }: ReleaseMark,
  room: number,
): string | undefined {
  const texts = [`${number} ${DECISIONS[kind][1]}`, String(number)];
  return texts.find((text) => ctx.measureText(text).width <= room);
}
